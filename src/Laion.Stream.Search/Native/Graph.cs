using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LaionStream.Search.Native;

/// <summary>A graph of neighbours (HNSW) over int8 vectors by USearch: being built, or mapped from a file and then read only.</summary>
/// <remarks>
/// Vectors come quantised (<see cref="Int8"/>): the library's own conversion multiplies a unit vector by 127, which uses some 20 of the 256 levels at 512 numbers,
/// and finds 94 of 100 neighbours where each vector's own scale finds 99. Cosines do not depend on the scale.
/// </remarks>
internal sealed unsafe class Graph : IDisposable
{
    /// <summary>Neighbours of a node above the lowest level.</summary>
    public const int Connectivity = 16;

    private const int Cosine = 1;
    private const int Int8Kind = 4;
    private const int ExpansionAdd = 128;
    private const int ExpansionSearch = 64; // the lower bound: a search asks for as many results as it wants candidates

    private static readonly Lazy<string?> LackFound = new(FindLack);

    private readonly GraphHandle _handle;

    private Graph(GraphHandle handle) => _handle = handle;

    /// <summary>Decides whether a key may be in the result. Called by the library on the searching thread.</summary>
    /// <param name="key">The key.</param>
    public delegate bool Accepts(ulong key);

    /// <summary>Why the native library cannot be loaded; null when it can.</summary>
    public static string? Lack => LackFound.Value;

    /// <summary>Vectors in it.</summary>
    public long Size
    {
        get
        {
            nint error = 0;
            nuint size = UsearchLibrary.Size(_handle, ref error);
            Check(error);
            return (long)size;
        }
    }

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions
    {
        get
        {
            nint error = 0;
            nuint dimensions = UsearchLibrary.Dimensions(_handle, ref error);
            Check(error);
            return (int)dimensions;
        }
    }

    /// <summary>An empty graph.</summary>
    /// <param name="dimensions">Numbers of a vector.</param>
    /// <param name="capacity">The most vectors. The library refuses those beyond.</param>
    /// <param name="threads">The most threads that add at the same time. The library fails calls beyond.</param>
    /// <exception cref="GraphException">Memory does not suffice, or the native library cannot be loaded.</exception>
    public static Graph Create(int dimensions, long capacity, int threads)
    {
        Graph graph = New(dimensions);
        try
        {
            nint error = 0;
            UsearchLibrary.Reserve(graph._handle, (nuint)capacity, ref error);
            Check(error);
            UsearchLibrary.ChangeThreadsAdd(graph._handle, (nuint)threads, ref error); // reserving gives a slot per core, whatever is asked for before
            Check(error);
            return graph;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Maps a file that <see cref="Save"/> wrote.</summary>
    /// <remarks>
    /// The library's own mapping is not used: where it fails to open a file, which it does for one of another user too (<c>O_NOATIME</c>), it closes handle 0 of
    /// the process, whatever that is then.
    /// </remarks>
    /// <param name="path">The file; it must not change while it is mapped.</param>
    /// <param name="threads">The most threads that search at the same time. The library fails calls beyond.</param>
    /// <exception cref="GraphException">It is no such file, cannot be read, or is cut, or the native library cannot be loaded.</exception>
    public static Graph View(string path, int threads)
    {
        Graph graph = New(1); // the file says how many dimensions there are, whatever is asked for
        try
        {
            (nint start, nuint length) = graph._handle.Map(path);
            nint error = 0;
            UsearchLibrary.ViewBuffer(graph._handle, (byte*)start, length, ref error);
            Check(error);
            UsearchLibrary.ChangeThreadsSearch(graph._handle, (nuint)threads, ref error); // viewing sets it back to a slot per core
            Check(error);
            return graph;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            graph.Dispose();
            throw new GraphException(e.Message);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Adds a vector. Thread-safe, up to the number of threads given to <see cref="Create"/>.</summary>
    /// <param name="key">Not used before.</param>
    /// <param name="vector">Quantised; not zero: the library would take it, and NaN too.</param>
    /// <exception cref="GraphException">The key is used, the graph is full or mapped, or too many threads add.</exception>
    public void Add(ulong key, ReadOnlySpan<sbyte> vector)
    {
        nint error = 0;
        fixed (sbyte* numbers = vector)
        {
            UsearchLibrary.Add(_handle, key, numbers, Int8Kind, ref error);
        }

        Check(error);
    }

    /// <summary>Writes a file, in place: never onto a path that may be mapped.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="GraphException">It cannot be written.</exception>
    public void Save(string path)
    {
        nint error = 0;
        UsearchLibrary.Save(_handle, path, ref error);
        Check(error);
    }

    /// <summary>The keys of the nearest vectors, the nearest first. Thread-safe, up to the number of threads given to <see cref="View"/>.</summary>
    /// <param name="query">Quantised as the vectors are.</param>
    /// <param name="keys">Receives keys. Its length is also how many candidates are kept on the way: more find better.</param>
    /// <param name="accepts">Whether a key may be in the result; null for all.</param>
    /// <returns>How many keys there are.</returns>
    /// <exception cref="GraphException">Too many threads search, or memory does not suffice.</exception>
    public int Search(ReadOnlySpan<sbyte> query, Span<ulong> keys, Accepts? accepts = null)
    {
        nint error = 0;
        nuint found;
        float[] distances = new float[keys.Length];
        fixed (sbyte* numbers = query)
        fixed (ulong* keysAt = keys)
        fixed (float* distancesAt = distances)
        {
            if (accepts is null)
            {
                found = UsearchLibrary.Search(_handle, numbers, Int8Kind, (nuint)keys.Length, keysAt, distancesAt, ref error);
            }
            else
            {
                var state = GCHandle.Alloc(accepts);
                try
                {
                    found = UsearchLibrary.FilteredSearch(_handle, numbers, Int8Kind, (nuint)keys.Length, &Ask, GCHandle.ToIntPtr(state), keysAt, distancesAt, ref error);
                }
                finally
                {
                    state.Free();
                }
            }
        }

        Check(error);
        return (int)found;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // An exception must not cross native frames: those that are passed here look numbers up in arrays, and do not throw.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Ask(ulong key, nint state) => ((Accepts)GCHandle.FromIntPtr(state).Target!)(key) ? 1 : 0;

    private static string? FindLack()
    {
        try
        {
            _ = UsearchLibrary.Version();
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return $"USearch's native library cannot be loaded (it exists for x64 Linux and Windows and arm64 macOS; on Linux it needs libgomp1): {e.Message}";
        }
    }

    private static Graph New(int dimensions)
    {
        if (Lack is { } lack) { throw new GraphException(lack); }

        var options = new UsearchOptions
        {
            MetricKind = Cosine,
            Quantization = Int8Kind,
            Dimensions = (nuint)dimensions,
            Connectivity = Connectivity,
            ExpansionAdd = ExpansionAdd,
            ExpansionSearch = ExpansionSearch,
        };
        nint error = 0;
        nint index = UsearchLibrary.Init(ref options, ref error);
        Check(error);
        return new Graph(GraphHandle.Of(index));
    }

    private static void Check(nint error)
    {
        if (error != 0) { throw new GraphException(Marshal.PtrToStringUTF8(error)!); }
    }
}

using System.Security.Cryptography;
using LaionStream.Search.Index;

namespace LaionStream.Search.Mapping;

/// <summary>The map of a folder's vectors, with the rows that are there now: removed rows have no place, rows of later parts have none yet.</summary>
public sealed class VectorMap
{
    private VectorMap(VectorKind kind, MapEntry entry, long[] rows, float[] places) =>
        (Kind, Number, At, Vectors, Seed, Rows, Places) = (kind, entry.Number, entry.At, entry.Vectors, entry.Seed, rows, places);

    /// <summary>Which vectors.</summary>
    public VectorKind Kind { get; }

    /// <summary>Its number: a map that is made again has a higher one.</summary>
    public int Number { get; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset At { get; }

    /// <summary>How many rows its points were drawn from.</summary>
    public long Vectors { get; }

    /// <summary>Its seed.</summary>
    public long Seed { get; }

    /// <summary>Row numbers of the points, as <see cref="VectorIndex"/> and the row store give them, ascending.</summary>
    public IReadOnlyList<long> Rows { get; }

    /// <summary>x and y of each point, in the order of <see cref="Rows"/>.</summary>
    public IReadOnlyList<float> Places { get; }

    /// <summary>Opens the map of a folder.</summary>
    /// <param name="folder">An output, or a folder of embeddings.</param>
    /// <param name="kind">Which vectors.</param>
    /// <param name="firstRow">The number of the folder's first row.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="InvalidDataException">The map or the vectors are damaged; the message names the file.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static VectorMap? Open(string folder, VectorKind kind, long firstRow = 0)
    {
        var index = new IndexFolder(folder);
        if (!index.Read().Maps.ContainsKey(kind)) { return null; }

        using FolderIndex state = FolderIndex.Open(folder, kind, firstRow, usesSegments: false);
        MapEntry entry = state.Manifest.Maps[kind];
        MapFile file;
        try
        {
            file = ReadFile(index, entry);
        }
        catch (FileNotFoundException) when (index.Read().Maps[kind].Number != entry.Number)
        {
            return Open(folder, kind, firstRow); // replaced between the two
        }

        Dictionary<string, VectorBlock> parts = state.Blocks.ToDictionary(block => KeyMap.IdentityOf(block.Part), StringComparer.Ordinal);
        var keys = KeyMap.Of(entry.Slices, parts, new RemovedRows(state.Manifest.Removals));
        var points = new List<(long Row, int At)>(file.Keys.Length);
        for (int at = 0; at < file.Keys.Length; at++)
        {
            (VectorBlock? block, int position) = keys.PlaceOf((ulong)file.Keys[at]);
            if (block?.Has(position) == true) { points.Add((block.Part.FirstRow + position, at)); }
        }

        points.Sort();
        float[] places = [.. points.SelectMany(point => new[] { file.Places[point.At * 2], file.Places[(point.At * 2) + 1] })];
        return new VectorMap(kind, entry, [.. points.Select(point => point.Row)], places);
    }

    /// <summary>Which maps a folder has.</summary>
    /// <param name="folder">An output, or a folder of embeddings.</param>
    /// <exception cref="InvalidDataException">The index's manifest is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<VectorKind> KindsOf(string folder) => [.. new IndexFolder(folder).Read().Maps.Keys.Order()];

    /// <summary>Changes whenever a folder's maps or their rows may have: looks at length and time of two files.</summary>
    /// <param name="folder">An output, or a folder of embeddings.</param>
    public static string StampOf(string folder) => StampOf(new FileInfo(new IndexFolder(folder).Manifest)) + '-'
        + StampOf(new FileInfo(Path.Combine(folder, "state", "manifest.jsonl")));

    /// <summary>What is wrong with a folder's map.</summary>
    /// <param name="folder">An output, or a folder of embeddings.</param>
    /// <param name="kind">Which vectors.</param>
    /// <returns>A sentence; null when it is whole, or there is none.</returns>
    /// <exception cref="InvalidDataException">The index's manifest is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string? FaultOf(string folder, VectorKind kind)
    {
        var index = new IndexFolder(folder);
        if (!index.Read().Maps.TryGetValue(kind, out MapEntry? entry)) { return null; }
        try
        {
            ReadFile(index, entry);
            return null;
        }
        catch (FileNotFoundException)
        {
            return $"'{index.In(entry.File)}' is not there.";
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private static string StampOf(FileInfo file) => file.Exists ? FormattableString.Invariant($"{file.Length:x}.{file.LastWriteTimeUtc.Ticks:x}") : "";

    /// <summary>Reads a map's file whole, and compares it with its entry.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is damaged; the message names it.</exception>
    internal static MapFile ReadFile(IndexFolder index, MapEntry entry)
    {
        string path = index.In(entry.File);
        long length = new FileInfo(path).Length;
        if (length != entry.Bytes) { throw new InvalidDataException($"'{path}' has {length} bytes, the index's manifest says {entry.Bytes}."); }
        byte[] bytes = File.ReadAllBytes(path);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != entry.Sha256)
        {
            throw new InvalidDataException($"'{path}' is damaged: its digest is not the one in the index's manifest.");
        }

        try
        {
            MapFile file = MapFile.Read(bytes, entry.Slices.Sum(slice => (long)slice.Rows));
            return file.Keys.Length == entry.Points
                ? file
                : throw new InvalidDataException($"has {file.Keys.Length} points, the index's manifest says {entry.Points}");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' {e.Message}.");
        }
    }
}

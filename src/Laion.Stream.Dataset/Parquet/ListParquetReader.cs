using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>Reads a URL list in Parquet, page by page: LAION's published files, img2dataset's, or any other, whatever the size of their row groups.</summary>
public sealed class ListParquetReader : IAsyncDisposable
{
    /// <summary>Footers of a hundred megabytes take seconds.</summary>
    private static readonly TimeSpan LongestFooter = TimeSpan.FromMinutes(5);

    private const int MostRowsPerByte = 1 << 16; // consecutive equal values cost next to nothing

    private readonly ParquetReader _reader;
    private readonly ParquetBytes _file;
    private readonly PageBuffers _buffers = new();
    private readonly FlatColumn?[] _fields;

    private ListParquetReader(ParquetReader reader, ParquetBytes file)
    {
        CheckRows(reader, file.Length);
        _reader = reader;
        _file = file;
        Dictionary<string, SchemaElement> elements = TopColumns.Of(reader.Metadata?.Schema ?? []);
        _fields = [.. reader.Schema.Fields.Select(field => FlatOrNull(field, elements))];
        Columns = [.. reader.Schema.Fields.Select((field, i) => new ListParquetColumn(field.Name, _fields[i]?.Kind))];
    }

    /// <summary>The file's columns in order.</summary>
    public IReadOnlyList<ListParquetColumn> Columns { get; }

    /// <summary>The footer as the package parsed it.</summary>
    internal ParquetReader Package => _reader;

    /// <summary>Number of row groups.</summary>
    public int GroupCount => _reader.RowGroupCount;

    /// <summary>Opens a file and reads its footer.</summary>
    /// <exception cref="IOException">It does not exist, may not be read, or is not a Parquet file; the message names it.</exception>
    public static Task<ListParquetReader> OpenAsync(string path, CancellationToken stop) =>
        OpenAsync(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), null, stop);

    /// <summary>Takes a file that is already open, and reads its footer.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="bytes">The file; disposed with the reader, and at once when there is none.</param>
    /// <param name="load">Called with the ranges that will be read, before they are; null when that is not needed.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="IOException">It is not a Parquet file; the message names it.</exception>
    /// <exception cref="InputUnreachableException">Its bytes cannot be read.</exception>
    public static async Task<ListParquetReader> OpenAsync(string name, Stream bytes, LoadBytes? load, CancellationToken stop)
    {
        // Spark's old files do not declare that their byte arrays are text.
        var options = new ParquetOptions { TreatByteArrayAsString = true };
        var file = new ParquetBytes(bytes, load);
        try
        {
            await ParquetFooter.CheckAsync(file, stop);
            file.Position = 0;

            // The package does not check for cancellation while it reads the footer, and some bytes may make it do anything.
            Task<ParquetReader> opening = Task.Run(() => ParquetReader.CreateAsync(file, options, cancellationToken: stop), stop);
            return new ListParquetReader(await opening.WaitAsync(LongestFooter, stop), file);
        }
        catch (Exception e)
        {
            await file.DisposeAsync();
            if (IsDamage(e) || e is OutOfMemoryException)
            {
                throw new IOException($"'{name}' cannot be read as Parquet: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Rows of a row group, known without reading it.</summary>
    public long RowsIn(int group) => _reader.OpenRowGroupReader(group).RowCount;

    /// <summary>Starts to read some columns of a row group. Only one is read at a time.</summary>
    /// <param name="group">From 0.</param>
    /// <param name="columns">Indices in <see cref="Columns"/>; nested ones stay null.</param>
    /// <exception cref="InvalidDataException">The row group is damaged; the message says which.</exception>
    public ListParquetRows Open(int group, IEnumerable<int> columns)
    {
        string name = FormattableString.Invariant($"row group {group + 1} of {GroupCount}");
        try
        {
            return new ListParquetRows(_file, _buffers, _reader.OpenRowGroupReader(group), _fields, columns, name, IsDamage);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _file.DisposeAsync();
    }

    /// <summary>Every row that is declared gets its outcome, read or not: a number that no file of this size can hold would be endless work.</summary>
    private static void CheckRows(ParquetReader reader, long fileBytes)
    {
        long left = Math.Min(int.MaxValue, fileBytes * MostRowsPerByte);
        foreach (long rows in reader.Metadata?.RowGroups.Select(group => group.NumRows) ?? [])
        {
            left = rows < 0 ? -1 : left - rows;
            if (left < 0) { throw new InvalidDataException($"its footer claims row groups of more rows than a file of {fileBytes} bytes holds."); }
        }
    }

    private static FlatColumn? FlatOrNull(Field field, Dictionary<string, SchemaElement> elements) =>
        field is DataField { IsArray: false, MaxRepetitionLevel: 0, MaxDefinitionLevel: <= 1 } flat && KindOf(flat.ClrType) is { } kind
        && elements.TryGetValue(field.Name, out SchemaElement? element)
            ? new FlatColumn(flat, element, kind) : null;

    private static ExtraColumnKind? KindOf(System.Type type) =>
        type == typeof(ReadOnlyMemory<char>) ? ExtraColumnKind.Text
        : type == typeof(long) || type == typeof(int) || type == typeof(uint) || type == typeof(short) || type == typeof(ushort)
            || type == typeof(sbyte) || type == typeof(byte) ? ExtraColumnKind.Int64
        : type == typeof(double) || type == typeof(float) ? ExtraColumnKind.Double
        : type == typeof(bool) ? ExtraColumnKind.Boolean
        : type == typeof(DateTime) ? ExtraColumnKind.Timestamp
        : null;

    // For damaged bytes the decoder may throw anything: range, cast, null, codec and format errors alike.
    private static bool IsDamage(Exception e) =>
        e is not (OperationCanceledException or OutOfMemoryException or FileNotFoundException or DirectoryNotFoundException or InputUnreachableException);
}

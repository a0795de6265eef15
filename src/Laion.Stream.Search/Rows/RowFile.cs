using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Rows;

/// <summary>
/// The rows of a part, mapped: columns of numbers for predicates and facets, and a record of all columns for each row. Reading touches only the pages it
/// needs. Counted: the last user unmaps it.
/// </summary>
public sealed unsafe class RowFile
{
    private readonly MappedFile _file;
    private readonly byte* _bytes;
    private readonly RowFooter _footer;
    private readonly RowRegion _captions;
    private readonly RowRegion _captionEnds;
    private readonly int[] _places;
    private int _users = 1;

    private RowFile(MappedFile file, RowFooter footer, long commit)
    {
        (_file, _footer, Commit) = (file, footer, commit);
        _bytes = file.Start;
        _places = RowColumns.PlacesOf([.. footer.Columns.Select(column => column.Name)]);
        (_captions, _captionEnds) = (footer.Regions["captions"], footer.Regions["captions.ends"]);
    }

    /// <summary>The commit of the part.</summary>
    public long Commit { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => _footer.Rows;

    /// <summary>Columns of the part's Parquet file.</summary>
    public IReadOnlyList<RowColumn> Columns => _footer.Columns;

    /// <summary>Score columns, <c>similarity</c> first if the part has it.</summary>
    public IReadOnlyList<string> Scores => _footer.Scores;

    /// <summary>The place in <see cref="Columns"/> of the column that says something, whatever it is called.</summary>
    /// <returns>−1 when there is none.</returns>
    public int PlaceOf(RowMeaning meaning) => _places[(int)meaning];

    /// <summary>A number of each row.</summary>
    public ReadOnlySpan<int> Numbers(RowNumber column) => Region<int>(column.ToString());

    /// <summary>A number of each row.</summary>
    public ReadOnlySpan<long> Longs(RowLong column) => Region<long>(column.ToString());

    /// <summary>A score of each row, NaN where there is none; empty when the part has no such column.</summary>
    public ReadOnlySpan<float> Score(string column) => _footer.Regions.ContainsKey("score." + column) ? Region<float>("score." + column) : [];

    /// <summary>The place of each row's text in <see cref="Texts"/>.</summary>
    public ReadOnlySpan<int> Places(RowText column) => Region<int>(column.ToString());

    /// <summary>The distinct texts of a column.</summary>
    public RowTexts Texts(RowText column) => new(Region<int>(column + ".ends"), Region<byte>(column + ".texts"));

    /// <summary>All values of a row.</summary>
    /// <param name="row">Its position in the part.</param>
    /// <exception cref="InvalidDataException">The row's bytes are damaged.</exception>
    public KeyValuePair<string, object?>[] Read(int row) => RowRecord.Read(Slice(_footer.Regions["records"], _footer.Regions["records.ends"], row), Columns);

    /// <summary>A row's caption in lower case, as UTF-8.</summary>
    /// <param name="row">Its position in the part.</param>
    /// <exception cref="InvalidDataException">The row's bytes are damaged.</exception>
    public ReadOnlySpan<byte> Caption(int row) => Slice(_captions, _captionEnds, row);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">What its line says of it.</param>
    /// <exception cref="InvalidDataException">It is not what the line says, or damaged.</exception>
    internal static RowFile Open(string path, RowFileEntry entry)
    {
        if (!File.Exists(path)) { throw Damaged(path); }

        MappedFile file = MappedFile.Open(path);
        if (file.Length == entry.Bytes && FooterOf(file.Start, entry) is { } footer) { return new RowFile(file, footer, entry.Commit); }

        file.Dispose();
        throw Damaged(path);
    }

    /// <summary>Whether the bytes of a file have the digest of its line. Reads the whole file.</summary>
    internal static bool IsWhole(string path, RowFileEntry entry) => FileDigest.Of(path).Sha256 == entry.Sha256;

    /// <summary>Begins a use.</summary>
    internal void Enter() => Interlocked.Increment(ref _users);

    /// <summary>Ends a use.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0) { _file.Dispose(); }
    }

    private static RowFooter? FooterOf(byte* bytes, RowFileEntry entry)
    {
        const int Tail = 16;
        var all = (ulong)entry.Bytes;
        if (all < Tail || !new ReadOnlySpan<byte>(bytes + entry.Bytes - 8, 8).SequenceEqual(RowFooter.Magic)) { return null; }

        long length = *(long*)(bytes + entry.Bytes - Tail);
        if (length <= 0 || length > Math.Min(entry.Bytes - Tail, 1 << 26)) { return null; }

        var json = new ReadOnlySpan<byte>(bytes + entry.Bytes - Tail - length, (int)length);
        if (Convert.ToHexStringLower(SHA256.HashData(json)) != entry.FooterSha256) { return null; }

        RowFooter? footer = JsonSerializer.Deserialize(json, RowsJson.Default.RowFooter);
        return footer is { Version: RowFooter.Current } && footer.Regions.Values.All(region =>
            region.Offset >= 0 && region.Bytes >= 0 && region.Bytes <= entry.Bytes && region.Offset <= entry.Bytes - region.Bytes) ? footer : null;
    }

    private static InvalidDataException Damaged(string path) => new($"'{path}' is damaged.");

    // The records of a part may be more than 2 GiB, which no span holds: only a row's own bytes become one.
    private ReadOnlySpan<byte> Slice(RowRegion region, RowRegion endsRegion, int row)
    {
        ReadOnlySpan<long> ends = Region<long>(endsRegion);
        long from = row == 0 ? 0 : ends[row - 1];
        long length = ends[row] - from;
        return from >= 0 && length is >= 0 and <= int.MaxValue && ends[row] <= region.Bytes
            ? new ReadOnlySpan<byte>(_bytes + region.Offset + from, (int)length)
            : throw new InvalidDataException("A row of the row store is damaged.");
    }

    private ReadOnlySpan<T> Region<T>(string name) where T : unmanaged => Region<T>(_footer.Regions[name]);

    private ReadOnlySpan<T> Region<T>(RowRegion region) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref *(T*)(_bytes + region.Offset), checked((int)(region.Bytes / sizeof(T))));
}

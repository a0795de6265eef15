using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Parquet;

namespace LaionStream.Search.Rows;

/// <summary>
/// Writes the row file of a part. Records and captions are streamed; the columns of numbers are collected, about 60 bytes a row, and written behind them.
/// </summary>
internal sealed class RowFileWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly FileStream _captions;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, RowRegion> _regions = new(StringComparer.Ordinal);
    private readonly RowColumn[] _columns;
    private readonly int[] _places;
    private readonly string[] _scores;
    private readonly int[] _scorePlaces;
    private readonly List<long> _recordEnds = [];
    private readonly List<long> _captionEnds = [];
    private readonly List<int>[] _numbers = [[], []];
    private readonly List<long>[] _longs = [[], []];
    private readonly List<float>[] _scoreValues;
    private readonly TextNumbers[] _texts = [.. Enum.GetValues<RowText>().Select(_ => new TextNumbers())];
    private readonly MemoryStream _record = new();
    private readonly string _set;
    private long _at;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its temp name; it is replaced.</param>
    /// <param name="set">The part's set.</param>
    /// <param name="columns">The part's columns.</param>
    public RowFileWriter(string path, string set, IReadOnlyList<SampleFileColumn> columns)
    {
        _set = set;
        _columns = [.. columns.Select(column => new RowColumn(column.Name, TypeName(column.Type)))];
        _places = RowColumns.PlacesOf([.. columns.Select(column => column.Name)]);
        int[] scores =
        [
            .. Enumerable.Range(0, columns.Count).Where(i => RowColumns.IsScore(columns[i].Name, columns[i].Type)).OrderBy(i => columns[i].Name == "similarity" ? 0 : 1),
        ];
        _scorePlaces = scores;
        _scores = [.. scores.Select(place => columns[place].Name)];
        _scoreValues = [.. scores.Select(_ => new List<float>())];
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 18);
        _captions = new FileStream(path + ".captions", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 18, FileOptions.DeleteOnClose);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">Its values, in the order of the columns.</param>
    public void Add(IReadOnlyList<KeyValuePair<string, object?>> row)
    {
        RowRecord.Write(row, _record);
        Write(_record.GetBuffer().AsSpan(0, (int)_record.Length));
        _recordEnds.Add(_at);

        _captions.Write(Encoding.UTF8.GetBytes((Text(row, RowMeaning.Caption) ?? "").ToLowerInvariant()));
        _captionEnds.Add(_captions.Position);
        _numbers[(int)RowNumber.Width].Add(Number(row, RowMeaning.Width));
        _numbers[(int)RowNumber.Height].Add(Number(row, RowMeaning.Height));
        _longs[(int)RowLong.Fetched].Add(Value(row, RowMeaning.Fetched) is DateTime time ? new DateTimeOffset(time).ToUnixTimeMilliseconds() : long.MinValue);
        _ = ulong.TryParse(Text(row, RowMeaning.PHash), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong phash);
        _longs[(int)RowLong.PHash].Add((long)phash);
        for (int i = 0; i < _scorePlaces.Length; i++)
        {
            _scoreValues[i].Add(row[_scorePlaces[i]].Value is { } score ? Convert.ToSingle(score, CultureInfo.InvariantCulture) : float.NaN);
        }

        _texts[(int)RowText.Set].Add(_set);
        _texts[(int)RowText.Language].Add(Text(row, RowMeaning.Language) ?? "");
        _texts[(int)RowText.Licence].Add(Text(row, RowMeaning.Licence) ?? "?");
        _texts[(int)RowText.Domain].Add(DomainOf(Text(row, RowMeaning.Url)));
        _texts[(int)RowText.Nsfw].Add(Text(row, RowMeaning.Nsfw) ?? "");
    }

    /// <summary>Writes the columns and the footer and flushes the file to the disk.</summary>
    /// <returns>Size, digest of the file and of the footer.</returns>
    public (long Bytes, string Sha256, string FooterSha256) Complete()
    {
        _regions["records"] = new RowRegion(0, _at);
        Region("records.ends", CollectionsMarshal.AsSpan(_recordEnds));
        CopyCaptions();
        Region("captions.ends", CollectionsMarshal.AsSpan(_captionEnds));
        foreach (RowNumber column in Enum.GetValues<RowNumber>()) { Region(column.ToString(), CollectionsMarshal.AsSpan(_numbers[(int)column])); }
        foreach (RowLong column in Enum.GetValues<RowLong>()) { Region(column.ToString(), CollectionsMarshal.AsSpan(_longs[(int)column])); }
        for (int i = 0; i < _scores.Length; i++) { Region("score." + _scores[i], CollectionsMarshal.AsSpan(_scoreValues[i])); }
        foreach (RowText column in Enum.GetValues<RowText>()) { Texts(column.ToString(), _texts[(int)column]); }

        byte[] footer = JsonSerializer.SerializeToUtf8Bytes(
            new RowFooter(RowFooter.Current, _recordEnds.Count, _columns, _scores, _regions), RowsJson.Default.RowFooter);
        Write(footer);
        Write(BitConverter.GetBytes((long)footer.Length));
        Write(RowFooter.Magic);
        _file.Flush(flushToDisk: true);
        return (_at, Convert.ToHexStringLower(_hash.GetHashAndReset()), Convert.ToHexStringLower(SHA256.HashData(footer)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _captions.Dispose();
        _hash.Dispose();
        _record.Dispose();
    }

    /// <summary>Host of an address without <c>www.</c>; empty where there is none.</summary>
    internal static string DomainOf(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.IsFile) { return ""; }
        string host = uri.Host.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
    }

    private static string TypeName(Type type) => type switch
    {
        _ when type == typeof(string) => "string",
        _ when type == typeof(long) || type == typeof(uint) || type == typeof(short) || type == typeof(ushort) || type == typeof(sbyte) || type == typeof(byte) => "long",
        _ when type == typeof(int) => "int",
        _ when type == typeof(double) => "double",
        _ when type == typeof(float) => "float",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(DateTime) => "time",
        _ => "other",
    };

    private object? Value(IReadOnlyList<KeyValuePair<string, object?>> row, RowMeaning meaning) => _places[(int)meaning] is >= 0 and int place ? row[place].Value : null;

    private string? Text(IReadOnlyList<KeyValuePair<string, object?>> row, RowMeaning meaning) => Value(row, meaning) as string;

    // Where some rows have none, pandas writes whole numbers as doubles.
    private int Number(IReadOnlyList<KeyValuePair<string, object?>> row, RowMeaning meaning) => Value(row, meaning) switch
    {
        int number => number,
        long number and >= 0 and <= int.MaxValue => (int)number,
        double number and >= 0 and <= int.MaxValue => (int)number,
        _ => 0,
    };

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        _hash.AppendData(bytes);
        _at += bytes.Length;
    }

    private void Align()
    {
        Span<byte> zeros = stackalloc byte[8];
        zeros.Clear();
        Write(zeros[..(int)(-_at & 7)]);
    }

    private void Region<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        Align();
        long from = _at;
        Write(MemoryMarshal.AsBytes(values));
        _regions[name] = new RowRegion(from, _at - from);
    }

    private void CopyCaptions()
    {
        Align();
        long from = _at;
        _captions.Flush();
        _captions.Position = 0;
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = _captions.Read(buffer)) > 0;) { Write(buffer.AsSpan(0, read)); }
        _regions["captions"] = new RowRegion(from, _at - from);
    }

    private void Texts(string name, TextNumbers texts)
    {
        (byte[] bytes, int[] ends, int[] numbers) = texts.Sorted();
        Region<int>(name, numbers);
        Region<byte>(name + ".texts", bytes);
        Region<int>(name + ".ends", ends);
    }

    /// <summary>Distinct texts and the number of each row's.</summary>
    private sealed class TextNumbers
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<int> _rows = [];

        public void Add(string text)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, text, out bool isKnown);
            if (!isKnown) { number = _numbers.Count - 1; }
            _rows.Add(number);
        }

        public (byte[] Bytes, int[] Ends, int[] Numbers) Sorted()
        {
            (byte[] Utf8, int Number)[] texts = [.. _numbers.Select(pair => (Encoding.UTF8.GetBytes(pair.Key), pair.Value))];
            Array.Sort(texts, static (a, b) => a.Utf8.AsSpan().SequenceCompareTo(b.Utf8));
            int[] places = new int[texts.Length];
            int[] ends = new int[texts.Length];
            for (int i = 0, end = 0; i < texts.Length; i++)
            {
                places[texts[i].Number] = i;
                ends[i] = end += texts[i].Utf8.Length;
            }

            return ([.. texts.SelectMany(text => text.Utf8)], ends, [.. _rows.Select(number => places[number])]);
        }
    }
}

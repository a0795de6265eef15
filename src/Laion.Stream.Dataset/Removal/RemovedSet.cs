using System.Globalization;

namespace LaionStream.Dataset.Removal;

/// <summary>What was removed from some outputs, by its digests. Takes about 40 bytes of memory for each.</summary>
public sealed class RemovedSet
{
    private const int Prefix = 32; // hex digits: two digests with the same 128 bits do not occur by chance

    private readonly HashSet<UInt128> _rows = [];
    private readonly HashSet<UInt128> _urls = [];
    private readonly HashSet<UInt128> _urlsWithoutRow = []; // of removals by a version that listed no rows
    private readonly HashSet<UInt128> _pictures = [];

    /// <summary>Adds what the files of an output list; files that are not there list nothing.</summary>
    /// <param name="stateFolder">The output's folder <c>state</c>.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Read(string stateFolder)
    {
        long withoutRow = long.MaxValue;
        foreach ((int i, string line) in LinesOf(stateFolder, RemovedDigests.RowsName).Index())
        {
            if (i == 0) { withoutRow = WithoutRow(line); }
            AddRow(line);
        }

        foreach ((int i, string line) in LinesOf(stateFolder, RemovedDigests.UrlsName).Index())
        {
            AddUrl(line);
            if (i < withoutRow) { Add(_urlsWithoutRow, line); }
        }

        foreach (string line in LinesOf(stateFolder, RemovedDigests.PicturesName)) { AddPicture(line); }
    }

    /// <summary>Adds what another set has.</summary>
    public void UnionWith(RemovedSet other)
    {
        _rows.UnionWith(other._rows);
        _urls.UnionWith(other._urls);
        _urlsWithoutRow.UnionWith(other._urlsWithoutRow);
        _pictures.UnionWith(other._pictures);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="line">Its line, as <see cref="RemovedDigests.OfRow"/> makes it; others are passed over.</param>
    /// <returns>False when it was known.</returns>
    public bool AddRow(string line) => Add(_rows, line);

    /// <summary>Adds an address.</summary>
    /// <param name="line">Its line, as <see cref="RemovedDigests.OfUrl"/> makes it; others are passed over.</param>
    /// <returns>False when it was known.</returns>
    public bool AddUrl(string line) => Add(_urls, line);

    /// <summary>Adds a picture.</summary>
    /// <param name="line">Its MD5 or SHA-256 in hex digits; others are passed over.</param>
    /// <returns>False when it was known.</returns>
    public bool AddPicture(string line) => Add(_pictures, line);

    /// <summary>Whether a row with this <c>hash</c> was removed.</summary>
    public bool HasRow(long hash) => _rows.Count > 0 && Has(_rows, RemovedDigests.OfRow(hash));

    /// <summary>Whether a row with this address was removed.</summary>
    public bool HasUrl(string? url) => url is not null && _urls.Count > 0 && Has(_urls, RemovedDigests.OfUrl(url));

    /// <summary>Whether a row with this address was removed by a version that did not list the rows.</summary>
    public bool HasUrlWithoutRow(string? url) => url is not null && _urlsWithoutRow.Count > 0 && Has(_urlsWithoutRow, RemovedDigests.OfUrl(url));

    /// <summary>How many addresses are known.</summary>
    public int Urls => _urls.Count;

    /// <summary>How many rows are known.</summary>
    public int Rows => _rows.Count;

    /// <summary>Whether a row with this picture was removed.</summary>
    /// <param name="digest">Its MD5 or SHA-256 in hex digits; null and others are no picture.</param>
    public bool HasPicture(string? digest) => digest is not null && _pictures.Count > 0 && Has(_pictures, digest);

    /// <summary>The complete lines of a file: what a crash left of one is cut off before the next is written.</summary>
    private static IEnumerable<string> LinesOf(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path)) { yield break; }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = Math.Max(0, file.Length - 1);
        bool isWhole = file.ReadByte() == '\n';
        file.Position = 0;
        using var reader = new StreamReader(file);
        string? before = reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return before!;
            before = line;
        }

        if (before is not null && isWhole) { yield return before; }
    }

    private static long WithoutRow(string first) => first.StartsWith(RemovedDigests.WithoutRowStart, StringComparison.Ordinal)
        && long.TryParse(first.AsSpan(RemovedDigests.WithoutRowStart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : 0;

    private static bool Add(HashSet<UInt128> digests, string line) => TryParse(line, out UInt128 digest) && digests.Add(digest);

    private static bool Has(HashSet<UInt128> digests, string line) => TryParse(line, out UInt128 digest) && digests.Contains(digest);

    private static bool TryParse(string line, out UInt128 digest)
    {
        digest = default;
        return line.Length >= Prefix && UInt128.TryParse(line.AsSpan(0, Prefix), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out digest);
    }
}

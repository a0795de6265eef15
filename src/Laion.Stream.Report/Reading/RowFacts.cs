namespace LaionStream.Report.Reading;

/// <summary>Distributions of an output's rows, or of a part of them when there are very many.</summary>
internal sealed class RowFacts
{
    private const int MostNames = 100_000;

    private static readonly (int Below, string Name)[] Sides =
        [(128, "below 128"), (256, "128 to 255"), (512, "256 to 511"), (1024, "512 to 1023"), (2048, "1024 to 2047"), (int.MaxValue, "2048 and more")];

    private readonly Dictionary<string, Dictionary<string, long>> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ScoreFacts> _scores = new(StringComparer.Ordinal);
    private readonly long[] _sides = new long[Sides.Length];

    /// <summary>Rows of the output's files that are there.</summary>
    public long Rows { get; set; }

    /// <summary>Rows that were read for the distributions.</summary>
    public long Read { get; private set; }

    /// <summary>Files that the manifest lists and that are not there: moved away.</summary>
    public int FilesAway { get; set; }

    /// <summary>Scores by column.</summary>
    public IReadOnlyDictionary<string, ScoreFacts> Scores => _scores;

    /// <summary>Rows by shorter side, from the smallest.</summary>
    public IReadOnlyList<(string Name, long Rows)> ShorterSides => [.. Sides.Select((side, i) => (side.Name, _sides[i]))];

    /// <summary>The most frequent values of a column: <c>language</c>, <c>licence</c> or <c>domain</c>; in descending order.</summary>
    public IReadOnlyList<(string Name, long Rows)> Top(string column, int most) =>
        [.. Of(column).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(most).Select(pair => (pair.Key, pair.Value))];

    /// <summary>Number of different values of a column.</summary>
    public int Distinct(string column) => Of(column).Count;

    /// <summary>Whether a column says something here: captions, most of an output's bytes, do not.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="type">The type of its values.</param>
    public static bool Needs(string column, Type type) => type == typeof(float) || column is "LANGUAGE" or "LICENSE" or "URL" or "WIDTH" or "HEIGHT";

    /// <summary>Counts one row.</summary>
    /// <param name="row">Its columns by name; others than <see cref="Needs"/> says are not looked at.</param>
    public void Add(IReadOnlyList<KeyValuePair<string, object?>> row)
    {
        Read++;
        (int width, int height) = (0, 0);
        foreach ((string column, object? value) in row)
        {
            switch (column, value)
            {
                case ("LANGUAGE", string language): Count("language", language); break;
                case ("LICENSE", string licence): Count("licence", licence == "?" ? "none found" : licence); break;
                case ("URL", string url): Count("domain", HostOf(url)); break;
                case ("WIDTH", int pixels): width = pixels; break;
                case ("HEIGHT", int pixels): height = pixels; break;
                case (_, float score) when float.IsFinite(score): ScoreOf(column).Add(score); break;
                default: break;
            }
        }

        int side = Math.Min(width, height);
        if (side > 0) { _sides[Array.FindIndex(Sides, bin => side < bin.Below)]++; }
    }

    /// <summary>The host of an address as outputs have them: serialised, with the host in lower case. A question mark for a text that is no address.</summary>
    private static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> url)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) { return "?"; }

        ReadOnlySpan<char> host = url[(scheme + 3)..];
        if (host.IndexOfAny('/', '?', '#') is var end and >= 0) { host = host[..end]; }
        host = host[(host.LastIndexOf('@') + 1)..];
        int port = host.LastIndexOf(':');
        return port > host.LastIndexOf(']') ? host[..port] : host;
    }

    private Dictionary<string, long> Of(string column) => _names.TryGetValue(column, out Dictionary<string, long>? counts) ? counts : [];

    private ScoreFacts ScoreOf(string column)
    {
        if (!_scores.TryGetValue(column, out ScoreFacts? score)) { _scores[column] = score = new ScoreFacts(); }
        return score;
    }

    private void Count(string column, ReadOnlySpan<char> value)
    {
        if (!_names.TryGetValue(column, out Dictionary<string, long>? counts)) { _names[column] = counts = new Dictionary<string, long>(StringComparer.Ordinal); }
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> found = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        bool isKnown = found.TryGetValue(value, out long rows);
        if (!isKnown && counts.Count >= MostNames)
        {
            value = "others"; // hosts are unbounded; the report is not
            found.TryGetValue(value, out rows);
        }

        found[value] = rows + 1;
    }
}

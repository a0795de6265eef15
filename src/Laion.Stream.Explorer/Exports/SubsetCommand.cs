using System.Globalization;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Queries;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Exports;

/// <summary>The <c>subset</c> command that writes the rows of an export.</summary>
internal static class SubsetCommand
{
    private const int MostHashes = 1000;

    /// <summary>A command for listed rows, which it names by their hashes.</summary>
    /// <exception cref="ApiException">They are too many for a command line, or have no hashes.</exception>
    public static string Of(RowSnapshot rows, IReadOnlyList<long> ids, IReadOnlyList<string> folders, string format)
    {
        if (ids.Count > MostHashes)
        {
            throw ApiException.Bad($"A command line names at most {MostHashes} rows; these are {ids.Count}. Narrow the search, or export them.");
        }
        string[] hashes =
        [
            .. ids.Select(rows.Read).OfType<KeyValuePair<string, object?>[]>()
                .Select(row => row.FirstOrDefault(column => column.Key == "hash").Value).OfType<long>()
                .Select(hash => hash.ToString(CultureInfo.InvariantCulture)).Distinct(),
        ];
        return hashes.Length > 0 ? Line(folders, format, $"hash IN ({string.Join(", ", hashes)})") : throw ApiException.Bad("These rows have no hashes, by which a command could name them. Export them.");
    }

    /// <summary>A command for the rows that a filter lets pass.</summary>
    public static string Of(FilterBody filter, bool hidesUnsafe, IReadOnlyCollection<string> columns, IReadOnlyList<string> folders, string format, bool distinct)
    {
        var all = new List<string>();
        AddList(all, "\"set\"", filter.Sets);
        AddList(all, "LANGUAGE", filter.Languages);
        AddList(all, "LICENSE", filter.Licences);
        AddList(all, "domain", filter.Domains);
        AddRange(all, "WIDTH", filter.Width);
        AddRange(all, "HEIGHT", filter.Height);
        AddRange(all, "WIDTH / HEIGHT", filter.Aspect);
        foreach ((string score, NumberRange range) in filter.Scores ?? new Dictionary<string, NumberRange>()) { AddRange(all, Name(score), range); }
        if (filter.Date?.From is { Length: > 0 } from) { all.Add($"fetched_at >= {Text(from)}::TIMESTAMPTZ"); }
        if (filter.Date?.To is { Length: > 0 } to)
        {
            all.Add(to.Length <= 10 ? $"fetched_at < {Text(to)}::TIMESTAMPTZ + INTERVAL 1 DAY" : $"fetched_at <= {Text(to)}::TIMESTAMPTZ");
        }
        if (filter.Text is { Length: > 0 } text) { all.Add($"contains(lower(TEXT), {Text(text.ToLowerInvariant())})"); }
        if (hidesUnsafe) { AddSafe(all, columns); }
        return Line(folders, format, string.Join(" AND ", all), distinct && columns.Contains("phash") ? " --distinct phash" : "");
    }

    private static string Line(IReadOnlyList<string> folders, string format, string where, string more = "") =>
        $"laion-stream subset {string.Join(' ', folders.Select(Word))} --output rows.{(format == "urls" ? "txt" : format)}{more}" + (where.Length > 0 ? $" --where {Word(where)}" : "");

    // As RowFilter.IsUnsafe has it, with the columns that there are.
    private static void AddSafe(List<string> to, IReadOnlyCollection<string> columns)
    {
        string? condition = (columns.Contains("NSFW"), columns.Contains("punsafe")) switch
        {
            (true, true) => "NSFW IS DISTINCT FROM 'NSFW' AND (punsafe < 0.5 OR (punsafe IS NULL AND NSFW IS DISTINCT FROM 'UNSURE'))",
            (true, false) => "NSFW IS DISTINCT FROM 'NSFW' AND NSFW IS DISTINCT FROM 'UNSURE'",
            (false, true) => "(punsafe < 0.5 OR punsafe IS NULL)",
            _ => null,
        };
        if (condition is not null) { to.Add(condition); }
    }

    private static void AddList(List<string> to, string column, IReadOnlyList<string>? items)
    {
        if (items is { Count: > 0 }) { to.Add($"{column} IN ({string.Join(", ", items.Select(Text))})"); }
    }

    private static void AddRange(List<string> to, string column, NumberRange? range)
    {
        if (range?.Min is { } min) { to.Add(string.Create(CultureInfo.InvariantCulture, $"{column} >= {min}")); }
        if (range?.Max is { } max) { to.Add(string.Create(CultureInfo.InvariantCulture, $"{column} <= {max}")); }
    }

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // One word for a shell, whatever a stranger put into a filter: within single quotes nothing has a meaning.
    private static string Word(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') && text.Length > 0 && text[0] != '-'
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

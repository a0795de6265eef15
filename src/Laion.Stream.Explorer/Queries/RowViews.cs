using System.Globalization;
using LaionStream.Explorer.Http;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Queries;

/// <summary>Makes answers out of rows of a snapshot.</summary>
internal static class RowViews
{
    /// <summary>A row as a search answers it.</summary>
    /// <param name="rows">The snapshot.</param>
    /// <param name="row">Its number.</param>
    /// <param name="cosine">Cosine to the query; null without one.</param>
    /// <param name="duplicates">Near copies that were folded into it.</param>
    /// <returns>Null when there is no such row.</returns>
    public static RowAnswer? Of(RowSnapshot rows, long row, float? cosine, int duplicates = 0)
    {
        if (rows.Find(row) is not var (place, at)) { return null; }

        RowFile file = rows.Files[place].File;
        KeyValuePair<string, object?>[] columns = file.Read(at);
        string tag = TextOf(file, columns, RowMeaning.Nsfw) ?? "";
        return new RowAnswer
        {
            Id = row,
            Url = TextOf(file, columns, RowMeaning.Url),
            Caption = TextOf(file, columns, RowMeaning.Caption),
            Width = file.Numbers(RowNumber.Width)[at],
            Height = file.Numbers(RowNumber.Height)[at],
            Set = Text(file, RowText.Set, at),
            Language = TextOf(file, columns, RowMeaning.Language),
            Licence = TextOf(file, columns, RowMeaning.Licence),
            Domain = Text(file, RowText.Domain, at),
            Score = cosine,
            Scores = file.Scores.ToDictionary(name => name, name => Finite(file.Score(name)[at]), StringComparer.Ordinal),
            Nsfw = tag.Length > 0 ? tag : null,
            Unsafe = RowFilter.IsUnsafe(tag, file.Score("punsafe") is { IsEmpty: false } unsafeScores ? unsafeScores[at] : float.NaN),
            Duplicates = duplicates,
            Thumbnail = string.Create(CultureInfo.InvariantCulture, $"/api/v1/rows/{row}/thumbnail"),
        };
    }

    /// <summary>A row's text of the column that says something, whatever it is called.</summary>
    /// <param name="file">The row's file.</param>
    /// <param name="columns">The row's values.</param>
    /// <param name="meaning">What the column says.</param>
    /// <returns>Null when there is no such column, or no text in it.</returns>
    public static string? TextOf(RowFile file, KeyValuePair<string, object?>[] columns, RowMeaning meaning) =>
        file.PlaceOf(meaning) is >= 0 and int place ? columns[place].Value as string : null;

    /// <summary>Every column of a row.</summary>
    public static Dictionary<string, object?> ColumnsOf(RowFile file, int at)
    {
        var columns = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, object? value) in file.Read(at))
        {
            columns[name] = value switch
            {
                float number when !float.IsFinite(number) => null, // JSON has no such numbers
                double number when !double.IsFinite(number) => null,
                _ => value,
            };
        }

        return columns;
    }

    /// <summary>A row's text of a column.</summary>
    public static string Text(RowFile file, RowText column, int at) => file.Texts(column)[file.Places(column)[at]];

    /// <summary>Reads a row's number as it is written in an address.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static long IdOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long row)
            ? row
            : throw ApiException.Missing("A row's id is a number; there is no such row.");

    /// <summary>Thresholds of the run and a row's values.</summary>
    /// <param name="thresholds">By name, as <c>summary.json</c> has them: <c>similarity.en</c>, <c>aesthetic.min</c>.</param>
    /// <param name="row">The row.</param>
    public static IReadOnlyList<WhyKept> Why(IReadOnlyDictionary<string, double> thresholds, RowAnswer row)
    {
        var why = new List<WhyKept>();
        foreach ((string name, double limit) in thresholds.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            int dot = name.LastIndexOf('.');
            (string column, string kind) = dot < 0 ? (name, "min") : (name[..dot], name[(dot + 1)..]);
            if (column == "similarity" && kind is not ("min" or "max"))
            {
                if (kind != row.Set) { continue; }
                kind = "min";
            }

            if (kind is not ("min" or "max")) { continue; }
            double? value = row.Scores.GetValueOrDefault(column);
            why.Add(new WhyKept(column, value, limit, kind, value is not { } known || (kind == "min" ? known >= (float)limit : known <= (float)limit)));
        }

        return why;
    }

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;
}

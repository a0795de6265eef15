using LaionStream.Dataset.Rows;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>Names of the columns of the dataset's files, in order.</summary>
public static class SampleSchema
{
    private const int LongestScoreName = 64;

    /// <summary>Columns of <c>run</c>'s files; a run's models may add score columns to them.</summary>
    public static IReadOnlyList<string> SampleColumns { get; } = LaionStream.Dataset.Parquet.SampleColumns.Names(ScoreSchema.Standard.Columns);

    /// <summary>Columns of <c>extract</c>'s files.</summary>
    public static IReadOnlyList<string> CandidateColumns { get; } = [.. new CandidateColumns().All.Select(column => column.Field.Name)];

    /// <summary>Determines the output names of a list's other columns: a name of ours, in any case, is prefixed <c>input_</c>.</summary>
    /// <param name="names">Names in the list.</param>
    public static IReadOnlyList<string> OutputNames(IEnumerable<string> names)
    {
        var taken = new HashSet<string>(SampleColumns.Concat(CandidateColumns), StringComparer.OrdinalIgnoreCase);
        var result = new List<string>();
        foreach (string name in names)
        {
            string output = name;
            while (!taken.Add(output)) { output = $"input_{output}"; }
            result.Add(output);
        }

        return result;
    }

    /// <summary>
    /// Whether a text is valid as the name of a score column: lower-case letters, digits and underscores, at most 64, a letter first, and no other column of
    /// the files.
    /// </summary>
    public static bool IsScoreName(string name) =>
        name is { Length: > 0 and <= LongestScoreName }
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
        && (ScoreSchema.StandardNames.Contains(name) || !SampleColumns.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Prefixes a list's other columns with <c>input_</c> if a column that only some files of this run have has the same name, in any case.</summary>
    /// <param name="extras">Columns under the names from <see cref="OutputNames"/>.</param>
    /// <param name="names">Names of a file's own columns, such as the run's score columns.</param>
    public static IReadOnlyList<ExtraColumn> Distinguish(IReadOnlyList<ExtraColumn> extras, IEnumerable<string> names)
    {
        HashSet<string> own = new(names, StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(own, StringComparer.OrdinalIgnoreCase);
        taken.UnionWith(extras.Select(extra => extra.Name).Where(name => !own.Contains(name)));
        return [.. extras.Select(extra => extra with { Name = NameOf(extra.Name) })];

        string NameOf(string name)
        {
            if (!own.Contains(name)) { return name; }

            string output = name;
            while (!taken.Add(output)) { output = $"input_{output}"; }
            return output;
        }
    }

    /// <summary>A timestamp in UTC with microseconds, which Spark, pandas and DuckDB all read as an instant.</summary>
    internal static DateTimeDataField Timestamp(string name, bool isNullable) =>
        new(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable);
}

using Parquet.Schema;

namespace LaionStream.Dataset;

/// <summary>Names of the columns that SPEC 9 gives the dataset's files, in their order.</summary>
public static class SampleSchema
{
    /// <summary>Columns of <c>run</c>'s files.</summary>
    public static IReadOnlyList<string> SampleColumns { get; } =
    [
        "SAMPLE_ID", "URL", "TEXT", "WIDTH", "HEIGHT", "LICENSE", "NSFW", "LANGUAGE", "similarity", "hash", "pwatermark", "punsafe", "aesthetic", "q16", "toxicity",
        "md5", "phash", "page_url", "final_url", "source", "ordinal", "fetched_at",
    ];

    /// <summary>Columns of <c>extract</c>'s files.</summary>
    public static IReadOnlyList<string> CandidateColumns { get; } = ["URL", "TEXT", "LANGUAGE", "LICENSE", "hash", "page_url", "source", "ordinal"];

    /// <summary>Gives a list's other columns their names in the output: a name of ours, in any case, is prefixed <c>input_</c>.</summary>
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

    /// <summary>A timestamp in UTC with microseconds: what Spark, pandas and DuckDB all read as an instant.</summary>
    internal static DateTimeDataField Timestamp(string name, bool isNullable) =>
        new(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable);
}

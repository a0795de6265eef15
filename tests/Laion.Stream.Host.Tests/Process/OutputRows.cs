using System.Globalization;
using LaionStream.Dataset.Parquet;

namespace LaionStream.Host.Tests.Process;

/// <summary>The rows of an output as text, for comparison with another output's.</summary>
internal static class OutputRows
{
    private static readonly HashSet<string> SaidOnce = new(StringComparer.Ordinal) { "fetched_at" };

    /// <summary>Reads the rows, sorted, without the columns that differ between any two runs.</summary>
    public static async Task<List<string>> ReadAsync(string output)
    {
        List<string> rows = [];
        foreach (string part in Directory.EnumerateFiles(output, "part-*.parquet", SearchOption.AllDirectories))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
            {
                rows.Add(string.Join('|', row.Where(cell => !SaidOnce.Contains(cell.Key))
                    .Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Key}={cell.Value}"))));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}

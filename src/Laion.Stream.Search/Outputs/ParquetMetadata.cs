using LaionStream.Dataset.Parquet;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Outputs;

/// <summary>The key-value metadata of a Parquet file, for a copy that an SQL engine writes.</summary>
internal static class ParquetMetadata
{
    /// <summary>An option of <c>COPY</c>, with a comma before it; nothing when the file has none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static string OptionOf(string path)
    {
        string pairs = string.Join(", ", Of(path).Select(pair => $"{SqlText.Literal(pair.Key)}: {SqlText.Literal(pair.Value)}"));
        return pairs.Length > 0 ? $", KV_METADATA {{{pairs}}}" : "";
    }

    private static IReadOnlyDictionary<string, string> Of(string path)
    {
        SampleFileReader reader = SampleFileReader.OpenAsync(path).GetAwaiter().GetResult();
        try
        {
            return reader.Metadata;
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}

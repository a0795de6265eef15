using DuckDB.NET.Data;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Data;

/// <summary>Folders of embeddings as clip-retrieval and autofaiss make them.</summary>
internal static class MadeEmbeddings
{
    /// <summary>Adds a file of vectors and, with a query, one of metadata.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="number">Number of the files.</param>
    /// <param name="vectors">The vectors.</param>
    /// <param name="metadata">Gives a row for each vector, in SQL over <c>range(n)</c>; null for none.</param>
    /// <param name="kind">Name of the vectors' folder; empty for none.</param>
    public static void Add(string folder, int number, IReadOnlyList<float[]> vectors, string? metadata = null, string kind = "img_emb")
    {
        Directory.CreateDirectory(Path.Combine(folder, kind));
        File.WriteAllBytes(Path.Combine(folder, kind, $"{(kind.Length > 0 ? kind : "emb")}_{number:D4}.npy"), MadeOutput.Npy(vectors));
        if (metadata is null) { return; }

        string place = kind.Length > 0 ? Path.Combine(folder, "metadata") : folder;
        Directory.CreateDirectory(place);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"COPY ({metadata}) TO '{Path.Combine(place, $"metadata_{number:D4}.parquet")}' (FORMAT parquet)";
        command.ExecuteNonQuery();
    }
}

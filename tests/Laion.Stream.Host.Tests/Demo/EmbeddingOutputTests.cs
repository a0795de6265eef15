using System.Buffers.Binary;
using DuckDB.NET.Data;
using LaionStream.Dataset.Vectors;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Models.Onnx;

namespace LaionStream.Host.Tests.Demo;

/// <summary><c>Writing:Embeddings</c> in a whole run with real models.</summary>
public sealed class EmbeddingOutputTests
{
    [Fact]
    public async Task Run_BothEmbeddings_TheirCosineIsTheRowsSimilarity()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Embeddings", "both"), ("Laion:Writing:MaxRows", "20"));
        RunReport report = await run.ExecuteAsync();
        Assert.Equal(71, report.Summary.Kept);

        await using var duck = new DuckDBConnection("Data Source=:memory:");
        await duck.OpenAsync();
        string[] metadata = [.. Directory.EnumerateFiles(run.Output, "metadata_*.parquet", SearchOption.AllDirectories)];
        int rows = 0;
        foreach (string file in metadata)
        {
            double[] similarities = await SimilaritiesAsync(duck, file);
            string folder = Path.GetDirectoryName(Path.GetDirectoryName(file))!;
            string number = Path.GetFileNameWithoutExtension(file)["metadata_".Length..];
            double[][] pictures = await VectorsAsync($"{folder}/img_emb/img_emb_{number}.npy");
            double[][] captions = await VectorsAsync($"{folder}/text_emb/text_emb_{number}.npy");
            Assert.Equal((similarities.Length, similarities.Length), (pictures.Length, captions.Length));
            for (int i = 0; i < similarities.Length; i++)
            {
                Assert.InRange(Dot(pictures[i], pictures[i]), 0.998, 1.002);
                Assert.InRange(Dot(pictures[i], captions[i]) - similarities[i], -0.002, 0.002);
            }

            rows += similarities.Length;
        }

        Assert.Equal(71, rows);
        Assert.True(metadata.Length > 3, $"{metadata.Length} parts");
        VerifyReport verified = await new RunVerifier(run.Output).VerifyAsync(default);
        Assert.True(verified.IsWhole, verified.Line);
    }

    [Fact]
    public async Task Run_EmbeddingsWithoutModels_IsRefused()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Embeddings", "image"), ("Laion:Models:Path", ""), ("Laion:Filtering:Off", "true"));

        ModelException refused = await Assert.ThrowsAsync<ModelException>(() => run.ExecuteAsync());

        Assert.Contains("embeddings need models", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputWithoutEmbeddings_IsRefused()
    {
        await using DemoRun run = await DemoRun.StartAsync();
        await run.ExecuteAsync();

        OutputRefusedException refused = await Assert.ThrowsAsync<OutputRefusedException>(() => run.ExecuteAsync(("Laion:Writing:Embeddings", "both")));

        Assert.Contains("Writing:Embeddings: the output has none, this run Both", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<double[]> SimilaritiesAsync(DuckDBConnection duck, string file)
    {
        await using DuckDBCommand command = duck.CreateCommand();
        command.CommandText =
            $"SELECT similarity FROM read_parquet('{file}') WHERE image_path = key AND status = 'success' AND caption IS NOT NULL AND url LIKE 'http%'";
        var values = new List<double>();
        await using System.Data.Common.DbDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) { values.Add(reader.GetDouble(0)); }
        return [.. values];
    }

    private static async Task<double[][]> VectorsAsync(string path)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        (long rows, int width) = NpyHeader.Parse(bytes)!.Value;
        return [.. Enumerable.Range(0, (int)rows).Select(row => Enumerable.Range(0, width)
            .Select(i => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(NpyHeader.Bytes + (((row * width) + i) * NpyHeader.NumberBytes))))
                .ToArray())];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}

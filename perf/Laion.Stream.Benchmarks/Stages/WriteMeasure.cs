using System.IO.Compression;
using LaionStream.Dataset.Rows;
using LaionStream.Soak.Results;
using Parquet;
using Parquet.Schema;

namespace LaionStream.Benchmarks.Stages;

/// <summary>Rows into ten Parquet columns with zstd, compared with the library given ready columns with the same settings.</summary>
internal static class WriteMeasure
{
    private static readonly DataField<long> Id = new("SAMPLE_ID", false);
    private static readonly DataField<int> Width = new("WIDTH", false);
    private static readonly DataField<int> Height = new("HEIGHT", false);
    private static readonly DataField<double> Similarity = new("similarity", false);
    private static readonly DataField<long> Hash = new("hash", false);
    private static readonly DataField[] Texts =
        [.. new[] { "URL", "TEXT", "LICENSE", "NSFW", "LANGUAGE" }.Select(name => new DataField(name, typeof(string), false))];

    /// <summary>Measures it.</summary>
    /// <param name="rounds">Number of rounds.</param>
    public static Task<Figure> RunAsync(Rounds rounds)
    {
        var writing = new WriterBenchmarks();
        writing.Setup();
        SampleRow[] rows = [.. writing.Made];
        return rounds.MeasureAsync(
            Names.Write,
            "row",
            async () =>
            {
                await writing.LaionColumns();
                return rows.Length;
            },
            "Parquet.Net on ready columns",
            () => BareAsync(rows),
            $"{rows.Length} rows, zstd 3; target ≤ 3.33 µs (300,000 rows a CPU second)");
    }

    private static async Task<double> BareAsync(SampleRow[] rows)
    {
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Zstd,
            CompressionLevel = CompressionLevel.Optimal,
            DictionaryEncodingThreshold = 0.5,
            DictionaryEncodingSampleSize = 4096
        };
        foreach (DataField text in Texts[2..]) { options.ColumnEncodingHints[text.Name] = EncodingHint.Dictionary; }
        using var output = new MemoryStream();
        await using ParquetWriter file =
            await ParquetWriter.CreateAsync(new ParquetSchema([Id, Texts[0], Texts[1], Width, Height, .. Texts[2..], Similarity, Hash]), output, options);
        using ParquetRowGroupWriter group = file.CreateRowGroup();
        await group.WriteAsync<long>(Id, Column(rows, row => row.SampleId));
        await group.WriteAsync<ReadOnlyMemory<char>>(Texts[0], Column(rows, row => row.Url.AsMemory()));
        await group.WriteAsync<ReadOnlyMemory<char>>(Texts[1], Column(rows, row => row.Text.AsMemory()));
        await group.WriteAsync<int>(Width, Column(rows, row => row.Picture.Width));
        await group.WriteAsync<int>(Height, Column(rows, row => row.Picture.Height));
        await group.WriteAsync<ReadOnlyMemory<char>>(Texts[2], Column(rows, row => row.License.AsMemory()));
        await group.WriteAsync<ReadOnlyMemory<char>>(Texts[3], Column(rows, row => row.Scores.Nsfw.AsMemory()));
        await group.WriteAsync<ReadOnlyMemory<char>>(Texts[4], Column(rows, row => row.Language.AsMemory()));
        await group.WriteAsync<double>(Similarity, Column(rows, row => row.Scores.Similarity ?? 0));
        await group.WriteAsync<long>(Hash, Column(rows, row => row.Hash));
        group.CompleteValidate();
        return rows.Length;
    }

    private static ReadOnlyMemory<T> Column<T>(SampleRow[] rows, Func<SampleRow, T> value) => Array.ConvertAll(rows, row => value(row));
}

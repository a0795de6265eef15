using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Storing;
using LaionStream.Soak.Results;
using NetVips;

namespace LaionStream.Benchmarks.Stages;

/// <summary>
/// Measures the cost of storing pictures and vectors: the resized JPEG of a fetched one, its three entries in a tar, and a row's two vectors.
/// </summary>
internal static class StoreMeasure
{
    private const int Rows = 20_000;
    private const int Width = 768;

    /// <summary>Measures all three.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="files">JPEGs.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rounds rounds, IReadOnlyList<byte[]> files)
    {
        var storage = new PictureStorage(new ResizeOptions());
        var random = new Random(1);
        byte[] picture = new byte[30_000];
        random.NextBytes(picture);
        var payload = new RowPayload(new StoredPicture(picture, "jpg", 341, 256, null), Vector(random), Vector(random));
        SampleRow row = WriterBenchmarks.MakeRow(1);
        var kept = new KeptRow(new RowKey(0, 1), "en", row, payload);
        var writing = new WritingOptions { Images = KeptPictures.Resized, Embeddings = KeptVectors.Both };
        IReadOnlyList<PartFileKind<KeptRow>> kinds = OutputFiles.Of(writing, new Dictionary<string, string>(), ScoreSchema.Standard, []);
        return
        [
            await rounds.MeasureAsync("store: JPEG to 256, JPEG 95", "picture", () => Task.FromResult(Stored(files, storage)), "libvips decode",
                () => Task.FromResult(DecodeAlone(files)), StagePictures.Describe(files)),
            await rounds.MeasureAsync("store: tar", "row", () => FilesAsync(kinds, kept, FileRole.Images), "bytes to a file with SHA-256",
                () => BytesAsync(picture), "pictures of 30 KB, with caption and facts"),
            await rounds.MeasureAsync(
                "store: vectors", "row", () => FilesAsync(kinds, kept, FileRole.ImageEmbeddings, FileRole.TextEmbeddings), "bytes to a file with SHA-256",
                () => BytesAsync(new byte[2 * Width * 2]), $"two of {Width} numbers; target ≤ 20 µs"),
        ];
    }

    private static Half[] Vector(Random random) => [.. Enumerable.Range(0, Width).Select(_ => (Half)(random.NextDouble() - 0.5))];

    private static double Stored(IReadOnlyList<byte[]> files, PictureStorage storage)
    {
        foreach (byte[] file in files)
        {
            StoredRows? rows = null;
            StagePictures.Stream(file, header => rows = storage.Begin(header, header.Width, header.Height), () => storage.Finish(rows!, ImageHeader.Read(file)));
        }

        return files.Count;
    }

    private static double DecodeAlone(IReadOnlyList<byte[]> files)
    {
        foreach (byte[] file in files)
        {
            using Image image = Image.JpegloadBuffer(file, access: Enums.Access.Sequential);
            NetVips.NetVips.Free(image.WriteToMemory(out _));
        }

        return files.Count;
    }

    private static async Task<double> FilesAsync(IReadOnlyList<PartFileKind<KeptRow>> kinds, KeptRow row, params string[] roles)
    {
        foreach (PartFileKind<KeptRow> kind in kinds.Where(kind => roles.Contains(kind.Role)))
        {
            await ToFileAsync(async output =>
            {
                IPartFile<KeptRow> file = await kind.BeginAsync(output, 0);
                for (int i = 0; i < Rows; i++) { await file.AddAsync(row, default); }
                await file.CompleteAsync();
            });
        }

        return Rows;
    }

    private static async Task<double> BytesAsync(byte[] bytes)
    {
        await ToFileAsync(async output =>
        {
            for (int i = 0; i < Rows; i++) { await output.WriteAsync(bytes); }
        });
        return Rows;
    }

    private static async Task ToFileAsync(Func<Stream, Task> write)
    {
        string path = Path.GetTempFileName();
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        await using (var output = new DigestStream(file))
        {
            await write(output);
            output.FinishDigest();
        }

        File.Delete(path);
    }
}

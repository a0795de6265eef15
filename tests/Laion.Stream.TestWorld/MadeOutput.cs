using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Vectors;

namespace LaionStream.TestWorld;

/// <summary>An output folder with rows and vectors of the test's choice, as a run would have written them.</summary>
/// <param name="folder">The folder; it is created.</param>
public sealed class MadeOutput(string folder)
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private long _commits;

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>A row: each of its facts follows from its number, so that tests can say what they expect.</summary>
    /// <param name="number">The number.</param>
    public static SampleRow Row(int number) => new()
    {
        SampleId = number,
        Ordinal = number,
        Url = FormattableString.Invariant($"https://www.host{number % 7}.example/{number}.jpg"),
        Text = FormattableString.Invariant($"picture number {number} of a {(number % 2 == 0 ? "Red" : "blue")} thing"),
        Hash = number * 7919L,
        Language = number % 3 == 0 ? "de" : "en",
        License = number % 5 == 0 ? "https://creativecommons.org/licenses/by/4.0/" : "?",
        PageUrl = "https://page.example/",
        Source = "made.wat.gz",
        Fetch = new FetchFacts("https://final.example/", Start.AddHours(number)),
        Picture = new PictureFacts(100 + number, 200, number.ToString("x32", CultureInfo.InvariantCulture), (number + 1).ToString("x16", CultureInfo.InvariantCulture)),
        Scores = new Scores(0.2 + (number % 50 / 100.0), number % 10 == 9 ? "NSFW" : "UNLIKELY", false, [0.1f, number % 10 == 8 ? 0.9f : 0.01f, number % 100 / 10f, null, null]),
    };

    /// <summary>Commits a part.</summary>
    /// <param name="set">Its set.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="pictures">A vector of each row's picture; null for none.</param>
    /// <param name="captions">A vector of each row's caption; null for none.</param>
    /// <param name="more">Further files of the part: role, name below the output and bytes.</param>
    public async Task<ManifestEntry> AddPartAsync(
        string set, IReadOnlyList<SampleRow> rows, IReadOnlyList<float[]>? pictures = null, IReadOnlyList<float[]>? captions = null,
        params (string Role, string Name, byte[] Bytes)[] more)
    {
        long commit = ++_commits;
        string name = commit.ToString("D5", CultureInfo.InvariantCulture);
        bool withShards = rows.Any(row => row.Key is not null);
        using var parquet = new MemoryStream();
        PartFileWriter<SampleRow> writer = await PartFileWriter<SampleRow>.CreateAsync(
            parquet, new SampleColumns(ScoreSchema.Standard, withShards: withShards), new Dictionary<string, string>());
        foreach (SampleRow row in rows) { await writer.AddAsync(row); }
        await writer.CompleteAsync();

        List<ManifestFile> files = [Write($"{set}/part-{name}.parquet", FileRole.Rows, parquet.ToArray())];
        if (pictures is not null) { files.Add(Write($"{set}/embeddings/img_emb/img_emb_{name}.npy", FileRole.ImageEmbeddings, Npy(pictures))); }
        if (captions is not null) { files.Add(Write($"{set}/embeddings/text_emb/text_emb_{name}.npy", FileRole.TextEmbeddings, Npy(captions))); }
        files.AddRange(more.Select(file => Write(file.Name, file.Role, file.Bytes)));
        var entry = new ManifestEntry(commit, set, Start, rows.Count, files, new Dictionary<int, string>());
        Directory.CreateDirectory(Path.Combine(folder, "state"));
        await using FileStream manifest = new(Path.Combine(folder, "state", "manifest.jsonl"), FileMode.Append);
        manifest.Write([.. entry.ToLine(), (byte)'\n']);
        return entry;
    }

    /// <summary>A NumPy file of float16 vectors.</summary>
    /// <param name="vectors">One at least, all of the same length.</param>
    public static byte[] Npy(IReadOnlyList<float[]> vectors)
    {
        int width = vectors[0].Length;
        byte[] file = new byte[NpyHeader.Bytes + ((long)vectors.Count * width * NpyHeader.NumberBytes)];
        NpyHeader.Make(vectors.Count, width).CopyTo(file, 0);
        Span<Half> numbers = MemoryMarshal.Cast<byte, Half>(file.AsSpan(NpyHeader.Bytes));
        for (int row = 0; row < vectors.Count; row++)
        {
            for (int i = 0; i < width; i++) { numbers[(row * width) + i] = (Half)vectors[row][i]; }
        }

        return file;
    }

    private ManifestFile Write(string name, string role, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return new ManifestFile(name, name + ".temp", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))) { Role = role };
    }
}

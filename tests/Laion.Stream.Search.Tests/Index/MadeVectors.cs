using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LaionStream.Dataset.Manifest;

namespace LaionStream.Search.Tests.Index;

/// <summary>Small folders of vectors: outputs of this program and of others.</summary>
internal static class MadeVectors
{
    /// <summary>Unit vectors in clusters, the same for a seed.</summary>
    public static float[][] Clustered(int count, int width, int seed)
    {
        var random = new Random(seed);
        float[][] centres = [.. Enumerable.Range(0, Math.Max(2, count / 50)).Select(_ => Gaussian(random, width))];
        return [.. Enumerable.Range(0, count).Select(_ => Unit(centres[random.Next(centres.Length)].Zip(Gaussian(random, width), (c, n) => c + (0.6f * n))))];
    }

    /// <summary>A NumPy file as numpy writes it.</summary>
    public static void WriteNpy(string path, float[][] rows, bool isHalf = true, int? width = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        string dictionary = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{(isHalf ? "<f2" : "<f4")}', 'fortran_order': False, 'shape': ({rows.Length}, {width ?? rows[0].Length}), }}");
        file.Write([0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(dictionary.PadRight(117)), (byte)'\n']);
        foreach (float[] row in rows)
        {
            file.Write(isHalf ? MemoryMarshal.AsBytes(Array.ConvertAll(row, number => (Half)number).AsSpan()) : MemoryMarshal.AsBytes(row.AsSpan()));
        }
    }

    /// <summary>Adds a part with vectors of pictures (and of captions) to an output.</summary>
    public static void AddPart(string folder, long commit, float[][] image, float[][]? text = null, bool writesFiles = true)
    {
        Directory.CreateDirectory(Path.Combine(folder, "state"));
        var files = new List<ManifestFile> { new($"en/part-{commit:D5}.parquet", "en/.temp", 1, "00") };
        foreach ((float[][]? rows, string role, string place) in new[] { (image, FileRole.ImageEmbeddings, "img_emb"), (text, FileRole.TextEmbeddings, "text_emb") })
        {
            if (rows is null) { continue; }

            string path = $"en/embeddings/{place}/{place}_{commit:D5}.npy";
            if (writesFiles) { WriteNpy(Path.Combine(folder, path), rows); }
            byte[] bytes = writesFiles ? File.ReadAllBytes(Path.Combine(folder, path)) : [];
            files.Add(new ManifestFile(path, path + ".temp", bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))) { Role = role });
        }

        var entry = new ManifestEntry(commit, "en", DateTimeOffset.UnixEpoch, image.Length, files, new Dictionary<int, string>());
        File.AppendAllText(Path.Combine(folder, "state", "manifest.jsonl"), Encoding.UTF8.GetString(entry.ToLine()) + "\n");
    }

    /// <summary>The rows nearest to a query, computed in double from the float16 numbers.</summary>
    public static int[] Nearest(float[][] rows, float[] query, int k) =>
        [.. Enumerable.Range(0, rows.Length).OrderByDescending(row => Cosine(rows[row], query)).ThenBy(row => row).Take(k)];

    public static double Cosine(float[] row, float[] query)
    {
        double[] stored = [.. row.Select(number => (double)(Half)number)];
        return stored.Zip(query, (a, b) => a * b).Sum() / Math.Sqrt(stored.Sum(a => a * a) * query.Sum(b => (double)b * b));
    }

    private static float[] Gaussian(Random random, int width) =>
        [.. Enumerable.Range(0, width).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];

    private static float[] Unit(IEnumerable<float> vector)
    {
        float[] numbers = [.. vector];
        float length = MathF.Sqrt(numbers.Sum(number => number * number));
        return [.. numbers.Select(number => number / length)];
    }
}

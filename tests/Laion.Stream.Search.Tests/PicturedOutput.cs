using System.Formats.Tar;
using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Vectors;

namespace LaionStream.Search.Tests;

/// <summary>Gives the parts of a <see cref="QueriedOutput"/> pictures and vectors that tell which row they belong to.</summary>
internal static class PicturedOutput
{
    /// <summary>Completes every part.</summary>
    public static void Complete(string root)
    {
        string manifest = Path.Combine(root, "state", "manifest.jsonl");
        File.WriteAllLines(manifest,
            [.. File.ReadAllLines(manifest)
            .Select(line => Encoding.UTF8.GetString(WithFiles(root, ManifestEntry.Parse(Encoding.UTF8.GetBytes(line))!).ToLine()))]);
    }

    private static ManifestEntry WithFiles(string root, ManifestEntry entry)
    {
        string set = Path.Combine(root, entry.Set);
        string rows = Path.GetFileNameWithoutExtension(entry.FileOf(FileRole.Rows)!.Path);
        Directory.CreateDirectory(Path.Combine(set, "images"));
        Directory.CreateDirectory(Path.Combine(set, "embeddings"));
        using (var file = File.Create(Path.Combine(set, "images", rows + ".tar")))
        {
            using var tar = new TarWriter(file, TarEntryFormat.Ustar);
            for (int row = 0; row < entry.Rows; row++)
            {
                foreach (string ending in (string[])["jpg", "txt", "json"])
                {
                    tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{row:D4}.{ending}") { DataStream = new MemoryStream(new byte[300 * row]) });
                }
            }
        }

        File.Copy(Path.Combine(set, rows + ".parquet"), Path.Combine(set, "images", rows + ".parquet"));
        File.WriteAllText(Path.Combine(set, "images", rows + "_stats.json"), """{"count":20,"successes":20,"duration":1.5,"status_dict":{"success":20}}""");
        File.WriteAllBytes(Path.Combine(set, "embeddings", rows + ".npy"),
            [.. NpyHeader.Make(entry.Rows, 2), .. Enumerable.Range(0, (int)entry.Rows * 4).Select(i => (byte)(i / 4))]);
        return entry with
        {
            Files =
            [
                .. entry.Files, Listed(FileRole.Images, $"images/{rows}.tar"), Listed(FileRole.ImageMetadata,
                    $"images/{rows}.parquet"), Listed(FileRole.ImageStats, $"images/{rows}_stats.json"),
                Listed(FileRole.ImageEmbeddings, $"embeddings/{rows}.npy"),
            ],
        };

        ManifestFile Listed(string role, string path) => new($"{entry.Set}/{path}", "x", 1, "00") { Role = role };
    }
}

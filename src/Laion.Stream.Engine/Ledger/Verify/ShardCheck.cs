using System.Formats.Tar;
using System.Globalization;
using System.Text.Json;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Reads the contents of a folder of shards that must agree with the rows.</summary>
internal static class ShardCheck
{
    private const int EntriesOfASample = 3;

    /// <summary>The keys of a tar's samples, in order. Pictures are skipped, not read.</summary>
    /// <param name="path">The tar.</param>
    /// <exception cref="InvalidDataException">It is not a tar, or its samples are not a picture, a <c>.txt</c> and a <c>.json</c> each; the message says
    /// where.</exception>
    public static IReadOnlyList<string> KeysOf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using var tar = new TarReader(file);
            var keys = new List<string>();
            int count = 0;
            while (tar.GetNextEntry() is { } entry)
            {
                int place = count % EntriesOfASample;
                (string key, string ending) = Split(entry.Name);
                bool isRight = place switch
                {
                    0 => ending is not ("" or "txt" or "json"),
                    1 => ending == "txt" && key == keys[^1],
                    _ => ending == "json" && key == keys[^1],
                };
                if (!isRight || entry.EntryType != TarEntryType.RegularFile)
                {
                    throw new InvalidDataException($"entry '{entry.Name}' is not where it belongs");
                }
                if (place == 0) { keys.Add(key); }
                count++;
            }

            return count % EntriesOfASample == 0 ? keys : throw new InvalidDataException("its last sample is not whole");
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"it ends within an entry: {e.Message}", e);
        }
    }

    /// <summary>The keys of the samples in a folder of loose files, in order.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">A sample has other files than a picture, a <c>.txt</c> and a <c>.json</c>; the message names it.</exception>
    public static IReadOnlyList<string> KeysIn(string folder)
    {
        var keys = new List<string>();
        foreach (IGrouping<string, string> sample in Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)
            .GroupBy(name => Split(name).Key).OrderBy(sample => sample.Key, StringComparer.Ordinal))
        {
            string[] endings = [.. sample.Select(name => Split(name).Ending)];
            if (endings.Length != EntriesOfASample || !endings.Contains("txt") || !endings.Contains("json"))
            {
                throw new InvalidDataException($"sample '{sample.Key}' is not a picture, a .txt and a .json");
            }

            keys.Add(sample.Key);
        }

        return keys;
    }

    /// <summary>The count of samples in a <c>_stats.json</c>.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static long SuccessesOf(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.GetProperty("successes").GetInt64();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"it is not the JSON that belongs there: {e.Message}", e);
        }
    }

    private static (string Key, string Ending) Split(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..].ToLower(CultureInfo.InvariantCulture));
    }
}

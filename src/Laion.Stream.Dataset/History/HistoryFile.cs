using System.Text.Json;

namespace LaionStream.Dataset.History;

/// <summary>
/// <c>state/history.jsonl</c>: an output's numbers over time, a line a minute, for reports. It is bounded: when it has <see cref="Most"/> lines, every second of
/// those older than <see cref="Recent"/> lines is deleted, so that a run of months keeps its whole course at a coarser step. Nothing else depends on it: a line
/// that a crash tore is skipped by readers.
/// </summary>
public static class HistoryFile
{
    /// <summary>Most lines of the file: two weeks of minutes.</summary>
    public const int Most = 20_160;

    /// <summary>Lines at the end that are never thinned: a day of minutes.</summary>
    public const int Recent = 1_440;

    /// <summary>The history of an output folder.</summary>
    public static string PathIn(string output) => Path.Combine(output, "state", "history.jsonl");

    /// <summary>Reads the points in the order they were written; none when there is no file.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<HistoryPoint> Read(string path)
    {
        if (!File.Exists(path)) { return []; }

        var points = new List<HistoryPoint>();
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            if (Parse(line) is { } point) { points.Add(point); }
        }

        return points;
    }

    /// <summary>Appends a point.</summary>
    /// <param name="path">The file; it is created when it is missing.</param>
    /// <param name="point">The point.</param>
    /// <exception cref="IOException">The disk operation failed; the file holds the earlier lines.</exception>
    public static void Append(string path, HistoryPoint point)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        bool torn = file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
        file.Seek(0, SeekOrigin.End);
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(point, HistoryJson.Default.HistoryPoint);
        file.Write([.. torn ? "\n"u8 : [], .. line, .. "\n"u8]);
    }

    /// <summary>Deletes every second line of the older ones if the file has grown too long. Readers see the file before or after.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Most lines of the file.</param>
    /// <param name="recent">Lines at the end that are kept.</param>
    /// <exception cref="IOException">The disk operation failed; the file is as it was.</exception>
    public static void Thin(string path, int most = Most, int recent = Recent)
    {
        if (!File.Exists(path)) { return; }
        string[] lines = File.ReadAllLines(path);
        if (lines.Length < most) { return; }

        string temp = path + ".tmp";
        File.WriteAllLines(temp, lines.Where((_, i) => i >= lines.Length - recent || i % 2 == 0));
        File.Move(temp, path, overwrite: true);
    }

    private static HistoryPoint? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, HistoryJson.Default.HistoryPoint);
        }
        catch (JsonException)
        {
            return null; // a crash tore the line, which nothing depends on
        }
    }
}

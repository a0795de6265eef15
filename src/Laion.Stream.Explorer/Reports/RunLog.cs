using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LaionStream.Explorer.Reports;

/// <summary>Reads the end of a run's JSON log (<c>logs/laion-YYYYMMDD.jsonl</c>).</summary>
internal static partial class RunLog
{
    private const int TailBytes = 512 << 10;
    private const int Most = 50;
    private const int MostCharacters = 500;

    /// <summary>The last warnings and errors, the newest first.</summary>
    public static IReadOnlyList<RunError> Errors(string folder)
    {
        try
        {
            string logs = Path.Combine(folder, "logs");
            string? last = Directory.Exists(logs) ? Directory.EnumerateFiles(logs, "laion-*.jsonl").Max(StringComparer.Ordinal) : null;
            return last is null ? [] : [.. Tail(last).Split('\n').Reverse().Select(Parse).OfType<RunError>().Take(Most)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // a log that cannot be read is no reason to show no run
        }
    }

    private static string Tail(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - TailBytes);
        byte[] bytes = new byte[TailBytes];
        return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, TailBytes, throwOnEndOfStream: false));
    }

    private static RunError? Parse(string line)
    {
        try
        {
            if (!line.Contains("\"@l\":\"", StringComparison.Ordinal)) { return null; } // information has no level
            using JsonDocument entry = JsonDocument.Parse(line);
            JsonElement root = entry.RootElement;
            string level = root.GetProperty("@l").GetString()!.ToLowerInvariant();
            if (level is not ("warning" or "error" or "fatal")) { return null; }
            string message = Hole().Replace(root.GetProperty("@mt").GetString()!, hole => ValueOf(root, hole));
            return new RunError(root.GetProperty("@t").GetDateTimeOffset(), level, message.Length > MostCharacters ? message[..MostCharacters] + "…" : message);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null; // the tail begins within a line, and the program may be writing the last one
        }
    }

    private static string ValueOf(JsonElement root, Match hole) =>
        root.TryGetProperty(hole.Groups[1].Value, out JsonElement value) ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" : hole.Value;

    [GeneratedRegex(@"\{@?([A-Za-z0-9_]+)[^}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();
}

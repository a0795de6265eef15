using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Host.Tests.Faults;

namespace LaionStream.Host.Tests.Process;

/// <summary>Runs in which calls of a stage never return, and what they write.</summary>
internal static class StuckRun
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20); // a machine under load starts threads and flushes logs slowly
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Never = TimeSpan.FromMinutes(10);

    public static async Task<SmallRun> StartAsync(int workers, string how)
    {
        SmallRun run = await SmallRun.StartAsync(files: 1);
        byte[] stuck = [.. run.Picture, .. Encoding.ASCII.GetBytes(how)];
        HashSet<string> marked = [.. Marked(workers).Select(link => string.Create(CultureInfo.InvariantCulture, $"/0/{link}.png"))];
        run.PictureOf = path => marked.Contains(path) ? stuck : run.Picture;
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = workers.ToString(CultureInfo.InvariantCulture);
        run.Settings["Laion:Pipeline:Decode:Capacity"] = "16";
        run.Settings["Laion:Pipeline:OverrunGrace"] = "00:00:00.2";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:00:01";
        run.Settings["Laion:Pipeline:AbortGrace"] = Grace.ToString();
        run.Settings["Laion:Imaging:Isolation"] = "off"; // PoisonTests has it on
        LongDrain(run);
        return run;
    }

    public static void ShortDrain(SmallRun run)
    {
        run.Settings["Laion:Pipeline:DrainTimeout"] = Drain.ToString();
        run.Settings["Laion:Download:Timeout"] = "00:00:05"; // a drain must be longer
    }

    /// <summary>Longer than any test waits, so that slowness on a machine under load does not cause outcomes.</summary>
    public static void LongDrain(SmallRun run)
    {
        run.Settings["Laion:Pipeline:DrainTimeout"] = Never.ToString();
        run.Settings["Laion:Download:Timeout"] = "00:01:00";
        run.Settings["Laion:Download:MinThroughput"] = "0";
    }

    public static IEnumerable<int> Marked(int rows) => Enumerable.Range(0, rows).Select(row => 19 + (2 * row)).Select(link => link % 6 == 0 ? link + 1 : link);

    public static async Task AssertEndsAsync(HostProcess process, TimeSpan limit, string said)
    {
        long start = Stopwatch.GetTimestamp();
        (int code, string output, string error) = await process.EndAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Assert.True(code == 1, $"{code}: {error}");
        Assert.True(took < limit + Slack, $"ended after {took}");
        Assert.Empty(output);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Contains("still running: ", error, StringComparison.Ordinal);
        Assert.Contains("Run again with the same output to go on", error, StringComparison.Ordinal);
    }

    /// <summary>Whether the log reports each of some rows as beyond the time limit of a stage. On a busy machine it reports others too.</summary>
    public static bool AreStuck(SmallRun run, string stage, params IEnumerable<int> links)
    {
        HashSet<string?> reported = [.. Log(run).Split('\n')
            .Where(line => line.Contains("does not return", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => Field(line, "Stage") == stage)
            .Select(line => Field(line, "Rows"))];
        return links.All(link => reported.Contains($"{stage}, row {new RowKey(0, link)}"));
    }

    public static string Log(SmallRun run)
    {
        string folder = Path.Combine(run.Output, "logs");
        string? file = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).FirstOrDefault() : null;
        if (file is null) { return ""; }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        string text = new StreamReader(stream).ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)];
    }

    public static List<JsonElement> Notes(SmallRun run) =>
        [.. File.ReadLines(Path.Combine(run.Output, "state", "suspects.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    public static string? Field(JsonElement element, string name) => element.GetProperty(name).GetString();

    public static int Ordinal(JsonElement note) => note.GetProperty("ordinal").GetInt32();

    public static async Task<RunSummary> SummaryAsync(SmallRun run) =>
        RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json")));
}

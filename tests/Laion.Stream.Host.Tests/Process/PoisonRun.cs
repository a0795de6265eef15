using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using LaionStream.Dataset.Summary;
using LaionStream.Host.Tests.Faults;

namespace LaionStream.Host.Tests.Process;

/// <summary>Runs over pictures of which some make trouble in the decoder.</summary>
internal static class PoisonRun
{
    public static async Task<SmallRun> StartAsync(byte[] behind, int[] links, bool same = false)
    {
        SmallRun run = await SmallRun.StartAsync(files: 1);
        Dictionary<string, byte[]> marked =
            links.ToDictionary(PathOf, link => (byte[])[.. run.Picture, .. same ? [] : new[] { (byte)link }, .. behind], StringComparer.Ordinal);
        run.PictureOf = path => marked.GetValueOrDefault(path, run.Picture);
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = "2";
        run.Settings["Laion:Pipeline:Decode:Capacity"] = "16";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:00:20"; // on a busy machine a new process needs seconds for its first picture
        run.Settings["Laion:Download:Timeout"] = "00:01:00";
        run.Settings["Laion:Download:MinThroughput"] = "0";
        return run;
    }

    /// <summary>Starts the run again each time it dies, as a supervisor does.</summary>
    /// <returns>How often it died.</returns>
    public static async Task<int> RestartUntilDoneAsync(SmallRun run, int most)
    {
        for (int deaths = 0; ; deaths++)
        {
            using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
            (int code, _, string error) = await process.EndAsync();
            if (code == 0) { return deaths; }
            Assert.True(code == 128 + 11 && deaths < most, $"start {deaths + 1} ended with {code}: {error}");
        }
    }

    public static async Task AssertPoisonAsync(SmallRun run, int[] links, string why, string? signal)
    {
        await run.AssertWholeAsync(SmallRun.KeptPerFile - links.Length, SmallRun.LinksPerFile);
        Assert.Equal(links.Length, (await SummaryAsync(run)).Dropped["poison"]);
        JsonElement[] notes = [.. (await File.ReadAllLinesAsync(PoisonFile(run))).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(links, notes.Select(note => note.GetProperty("ordinal").GetInt32()).Order());
        Assert.All(notes, note => Assert.Equal(
            (why, signal, Convert.ToHexStringLower(SHA256.HashData(run.PictureOf!(PathOf(note.GetProperty("ordinal").GetInt32())))), run.Inputs[0]),
            (note.GetProperty("why").GetString(), note.TryGetProperty("signal", out JsonElement name)
                ? name.GetString()
                : null, note.GetProperty("sha256").GetString(), note.GetProperty("input").GetString())));
    }

    public static async Task<RunSummary> SummaryAsync(SmallRun run) =>
        RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json")));

    public static string PoisonFile(SmallRun run) => Path.Combine(run.Output, "state", "poison.jsonl");

    private static string PathOf(int link) => string.Create(CultureInfo.InvariantCulture, $"/0/{link}.png");
}

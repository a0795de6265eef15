using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using LaionStream.Dataset.Summary;
using LaionStream.Host.Tests.Faults;

namespace LaionStream.Host.Tests.Process;

/// <summary>Real processes whose decoder really dies: the picture costs its own row and nothing else.</summary>
public sealed class PoisonTests
{
    private static readonly int[] One = [20];
    private static readonly int[] Three = [19, 31, 43];

    [Theory]
    [InlineData("suspects", 3)]
    [InlineData("always", 0)]
    public async Task Run_PicturesThatKillTheDecoder_EndsAfterRestartsWithEveryOtherRow(string isolation, int mostDeaths)
    {
        await using SmallRun run = await StartAsync(StuckHost.Die.ToArray(), Three);
        run.Settings["Laion:Imaging:Isolation"] = isolation;
        int deaths = await RestartUntilDoneAsync(run, 10);

        await AssertPoisonAsync(run, Three, "signal", "SIGSEGV");
        Assert.InRange(deaths, mostDeaths == 0 ? 0 : 1, mostDeaths);
    }

    [Fact]
    public async Task Run_IsolationOff_ThePictureEndsEveryRun()
    {
        await using SmallRun run = await StartAsync(StuckHost.Die.ToArray(), One);
        run.Settings["Laion:Imaging:Isolation"] = "off";
        for (int start = 0; start < 3; start++)
        {
            using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
            Assert.Equal(128 + 11, (await process.EndAsync()).Code);
        }
    }

    [Theory]
    [InlineData("eat!", "memory")]
    [InlineData("hang", "time")]
    [InlineData("spin", "time")]
    public async Task Always_PictureOutgrowsItsLimits_IsPoisonAndItsProcessIsGone(string how, string why)
    {
        await using SmallRun run = await StartAsync(System.Text.Encoding.ASCII.GetBytes(how), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:00:05";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await AssertPoisonAsync(run, One, why, null);
    }

    [Theory]
    [InlineData("call")]
    [InlineData("exec")]
    public async Task Always_PictureThatTakesOverItsDecoder_OpensNoSocketAndStartsNoProgram(string what)
    {
        await using SmallRun run = await StartAsync(System.Text.Encoding.ASCII.GetBytes(what), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile); // it would have died, had it been let
    }

    [Fact]
    public async Task Always_PictureBreaksTheDecoderInAnUnknownWay_IsPoisonAndTheProcessContinues()
    {
        await using SmallRun run = await StartAsync(StuckHost.Throw.ToArray(), Three);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile - Three.Length, SmallRun.LinksPerFile);
        Assert.Equal(Three.Length, (await SummaryAsync(run)).Dropped["poison"]);
        Assert.False(File.Exists(PoisonFile(run)));
    }

    [Fact]
    public async Task Run_SuspectsAndAlways_TheRowsAreThoseOfARunWithoutIsolation()
    {
        await using SmallRun run = await StartAsync([], One);
        string first = run.Output;
        run.Settings["Laion:Imaging:Isolation"] = "off";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        foreach (string isolation in new[] { "always", "suspects" })
        {
            run.Output = first + "-" + isolation;
            run.Settings["Laion:Imaging:Isolation"] = isolation;
            if (isolation == "suspects")
            {
                // Every row becomes a suspect: killed while all are in the decoder's hands again and again.
                Directory.CreateDirectory(Path.Combine(run.Output, "state"));
                await File.WriteAllLinesAsync(Path.Combine(run.Output, "state", "suspects.jsonl"), Enumerable.Range(0, SmallRun.LinksPerFile)
                    .Select(i => $$"""{"shard":0,"ordinal":{{i}},"stage":"decode","why":"died","at":"2026-01-01T00:00:00Z","worked":0,"limit":0,"alone":false}"""));
            }

            Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
            Assert.Equal(await OutputRows.ReadAsync(first), await OutputRows.ReadAsync(run.Output));
        }
    }

    [Theory]
    [InlineData("original")]
    [InlineData("resized")]
    public async Task Always_PicturesAreStored_TheyAreThoseOfARunWithoutIsolation(string images)
    {
        await using SmallRun run = await StartAsync([], One);
        run.Settings["Laion:Writing:Images"] = images;
        string first = run.Output;
        run.Settings["Laion:Imaging:Isolation"] = "off";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
        run.Output = first + "-always";
        run.Settings["Laion:Imaging:Isolation"] = "always";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);

        List<string> pictures = await PicturesAsync(first);
        Assert.Equal(SmallRun.KeptPerFile, pictures.Count);
        Assert.Equal(pictures, await PicturesAsync(run.Output));
    }

    /// <summary>The digests of the stored pictures, sorted.</summary>
    private static async Task<List<string>> PicturesAsync(string output)
    {
        var digests = new List<string>();
        foreach (string path in Directory.EnumerateFiles(output, "*.tar", SearchOption.AllDirectories))
        {
            await using FileStream file = File.OpenRead(path);
            await using var tar = new TarReader(file);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                if (!entry.Name.EndsWith(".txt", StringComparison.Ordinal) && !entry.Name.EndsWith(".json", StringComparison.Ordinal))
                {
                    digests.Add(Convert.ToHexString(await SHA256.HashDataAsync(entry.DataStream!)));
                }
            }
        }

        return [.. digests.Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Kill_RowsInTheDecoder_AreDecodedAgainInAnotherProcessAndKept()
    {
        await using SmallRun run = await StartAsync(StuckHost.Hang.ToArray(), Three);
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:01:00";
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings()))
        {
            await process.UntilAsync(() => InSlots(run) == 2); // every worker
            await process.SignalAsync("KILL");
            await process.EndAsync();
        }

        // The very executable, to which these pictures are sound.
        using (HostProcess process = HostProcess.Start(["run", .. HostProcess.Keys(run.AllSettings())]))
        {
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 0, error);
            Assert.Contains("decoded in a process of its own", error, StringComparison.Ordinal);
        }

        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
        Assert.False(File.Exists(PoisonFile(run)));
        Assert.Equal(0, InSlots(run));
    }

    [Fact]
    public async Task Run_ChildKilledFromOutside_IsTriedAgainAndTheRowIsKept()
    {
        await using SmallRun run = await StartAsync(StuckHost.Hang.ToArray(), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:00:20";
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = "1";
        using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
        int[] killed = new int[2];
        for (int i = 0; i < killed.Length; i++)
        {
            await process.UntilAsync(() => Stuck(process.Id) is { } found && !killed.Contains(found));
            killed[i] = Stuck(process.Id)!.Value;
            using System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", ["-9", killed[i].ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        (int code, _, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
        await AssertPoisonAsync(run, One, "time", null); // the third was let hang, and that is its verdict
    }

    [Fact]
    public async Task Run_ParentIsKilled_ItsChildrenEndToo()
    {
        await using SmallRun run = await StartAsync(StuckHost.Spin.ToArray(), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:02:00";
        using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
        await process.UntilAsync(() => Stuck(process.Id) is not null);
        int[] children = [.. ProcessTree.Children(process.Id)];
        await process.SignalAsync("KILL");
        await process.EndAsync();
        long start = Stopwatch.GetTimestamp();
        while (children.Any(child => Directory.Exists($"/proc/{child}")))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "a child has outlived its run");
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task Run_TheSameBytesOnManyPages_KillOneProcessOnly()
    {
        int[] all = [.. Enumerable.Range(0, 60).Where(i => i % 6 != 0)];
        await using SmallRun run = await StartAsync(StuckHost.Die.ToArray(), all, same: true);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = "1";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(0, SmallRun.LinksPerFile);
        Assert.Equal(all.Length, (await SummaryAsync(run)).Dropped["poison"]);
        Assert.Single(await File.ReadAllLinesAsync(PoisonFile(run)));
    }

    private static async Task<SmallRun> StartAsync(byte[] behind, int[] links, bool same = false)
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
    private static async Task<int> RestartUntilDoneAsync(SmallRun run, int most)
    {
        for (int deaths = 0; ; deaths++)
        {
            using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
            (int code, _, string error) = await process.EndAsync();
            if (code == 0) { return deaths; }
            Assert.True(code == 128 + 11 && deaths < most, $"start {deaths + 1} ended with {code}: {error}");
        }
    }

    private static async Task AssertPoisonAsync(SmallRun run, int[] links, string why, string? signal)
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

    private static string PathOf(int link) => string.Create(CultureInfo.InvariantCulture, $"/0/{link}.png");

    private static string PoisonFile(SmallRun run) => Path.Combine(run.Output, "state", "poison.jsonl");

    private static int InSlots(SmallRun run)
    {
        string file = Path.Combine(run.Output, "state", "decode.slots");
        if (!File.Exists(file)) { return 0; }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] slots = new byte[stream.Length];
        stream.ReadExactly(slots);
        return Enumerable.Range(1, (slots.Length / 64) - 1).Count(slot => slots[slot * 64] == 1);
    }

    /// <summary>A child that holds a picture for longer than any sound one takes.</summary>
    private static int? Stuck(int parent)
    {
        int[] before = [.. ProcessTree.Children(parent)];
        if (before.Length == 0) { return null; }
        Thread.Sleep(1500);
        int[] after = [.. ProcessTree.Children(parent)];
        return before.Intersect(after).Cast<int?>().FirstOrDefault();
    }

    private static async Task<RunSummary> SummaryAsync(SmallRun run) =>
        RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json")));
}

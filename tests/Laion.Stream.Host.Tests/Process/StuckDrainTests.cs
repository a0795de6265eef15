using System.Text.Json;
using LaionStream.Host.Tests.Faults;
using static LaionStream.Host.Tests.Process.StuckRun;

namespace LaionStream.Host.Tests.Process;

/// <summary>Real processes with a decoder that never returns, told to end once: they end within the limit, and the next starts finish the output.</summary>
public sealed class StuckDrainTests
{
    [Theory]
    [InlineData(1, "rest")]
    [InlineData(2, "hang")]
    [InlineData(4, "rest")]
    public async Task Drain_EveryDecodeWorkerIsStuck_EndsWithOneWithinLimitAndGraceAndTheOutputIsFinishedByTheNextStarts(int workers, string how)
    {
        await using SmallRun run = await StartAsync(workers, how);
        ShortDrain(run);
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings()))
        {
            await process.UntilAsync(() => AreStuck(run, "decode", Marked(workers)));
            await process.SignalAsync("TERM");
            await AssertEndsAsync(process, Drain + Grace, "did not drain within");
        }

        LongDrain(run);
        List<JsonElement> notes = Notes(run);
        Assert.Equal(Marked(workers).Order(), notes.Select(Ordinal).Order());
        Assert.All(notes, note =>
            Assert.Equal(("decode", "drain_limit", false, run.Inputs[0]),
            (Field(note, "stage"), Field(note, "why"), note.GetProperty("alone").GetBoolean(), Field(note, "input"))));

        // Each next start decodes the suspects alone, one after the other; one that again does not return ends the run, and is dropped from then on.
        for (int found = 1; found <= workers; found++)
        {
            using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 1, $"start {found + 1} ended with {code}: {error}");
            JsonElement last = Notes(run)[^1];
            Assert.Equal((workers + found, "suspect", true), (Notes(run).Count, Field(last, "why"), last.GetProperty("alone").GetBoolean()));
        }

        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings()))
        {
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 0, error);
        }

        await run.AssertWholeAsync(SmallRun.KeptPerFile - workers, SmallRun.LinksPerFile);
        Assert.Equal(workers, (await SummaryAsync(run)).Dropped["poison"]);
    }
}

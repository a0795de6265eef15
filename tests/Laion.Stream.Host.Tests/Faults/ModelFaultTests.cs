using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Demo;
using LaionStream.Engine.Run;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Host.Tests.Faults;

/// <summary>A real model in ONNX Runtime that throws inside a whole run.</summary>
public sealed class ModelFaultTests
{
    [Fact]
    public async Task Session_ThrowsOnEveryBatch_FaultsTheRunWithThatCauseAndTheNextRunEndsTheJob()
    {
        using var folder = new TempFolder();
        BrittleClip(folder);
        await using SmallRun run = await SmallRun.StartAsync();
        run.Settings["Laion:Models:Path"] = folder.Root;
        run.Settings["Laion:Models:Fallback"] = "";
        run.Settings["Laion:Download:MinBytes"] = "1";

        SessionFault fault = await Assert.ThrowsAsync<SessionFault>(() => run.ExecuteAsync());

        Assert.Contains("8 rows in a row", fault.Message, StringComparison.Ordinal);
        Assert.Contains("out of data bounds", fault.Message, StringComparison.Ordinal); // the runtime's own words
        Assert.False(RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json"))).Complete);

        // The same model has nothing to fail on in these: as after a repaired device, because other weights would be another run.
        run.Picture = HandmadePng.Make(300, 300);
        RunReport report = await run.ExecuteAsync();
        Assert.Equal(RunEnd.Done, report.End);
        long failed = report.Summary.Dropped.GetValueOrDefault("model_failed");
        Assert.InRange(failed, 0, 7); // rows judged before the eighth; retryable
        await run.AssertWholeAsync((2 * SmallRun.KeptPerFile) - failed, 2 * SmallRun.LinksPerFile);

        await run.RetryAsync(new Retry(new HashSet<DropReason>(), TimeSpan.Zero));
        await run.AssertWholeAsync(2 * SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);
    }

    /// <summary>
    /// A CLIP whose image tower looks its embedding up by the brightest sample: there is one row, for black pictures and the grey of the probe.
    /// </summary>
    private static void BrittleClip(TempFolder folder)
    {
        var visual = new OnnxWriter();
        visual.Input("pixel_values", Element.Float, -1, 3, 224, 224).Output("image_embeds", Element.Float, -1, MadeClip.Width)
            .Weights("rows", [1, 2, 3, 4], 1, MadeClip.Width);
        visual.Node("ReduceMax", ["pixel_values"], ["most"], ("axes", new long[] { 1, 2, 3 }), ("keepdims", 0L));
        visual.Node("Cast", ["most"], ["row"], ("to", (long)Element.Int64)).Node("Gather", ["rows", "row"], ["image_embeds"], ("axis", 0L));
        visual.Save(folder.At("visual.onnx"));
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
    }
}

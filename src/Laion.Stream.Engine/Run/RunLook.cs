using LaionStream.Dataset.Summary;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;

namespace LaionStream.Engine.Run;

/// <summary>Reads the numbers of a run from its modules.</summary>
/// <param name="verb">The verb that runs.</param>
/// <param name="state">The output.</param>
/// <param name="share">This machine's part of its inputs.</param>
/// <param name="gauges">The graph's gauges.</param>
/// <param name="graph">What only this kind of graph knows.</param>
/// <param name="assembled">Its writers and budgets.</param>
/// <param name="input">How far the inputs are read.</param>
/// <param name="clock">Measures the time since now.</param>
internal sealed class RunLook(
    string verb, RunState state, string share, FlowGauges gauges, IRunGraph graph, AssembledGraph assembled, InputProgress input, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();

    /// <summary>The numbers now.</summary>
    public RunGlance Now()
    {
        Accounting now = state.Snapshot();
        FilesSummary files = RunFiles.Progress(state, share);
        string bottleneck = gauges.Bottleneck;
        InputBytes read = input.Read();
        return new RunGlance
        {
            Verb = verb,
            Elapsed = clock.GetElapsedTime(_start),
            Links = now.Links + now.InFlight,
            InFlight = now.InFlight,
            Written = gauges.Stages.Where(IsOfASet).Sum(stage => stage.Kept),
            Kept = now.Kept,
            Open = assembled.Writers.Where(part => part.Set != DropWriter.Folder).ToDictionary(part => part.Set, part => part.Open.Rows),
            Dropped = now.Dropped,
            FilesDone = files.Done,
            FilesKnown = files.Known,
            Input = read,
            Traffic = graph.Traffic,
            Stages = [.. gauges.Stages.Select(stage =>
                new StageGlance(stage.Name, stage.Waiting + stage.Active + stage.Unread, stage.Active, stage.Capacity, stage.Overdue))],
            Memory = (assembled.Budgets.Sum(budget => budget.Held), assembled.Budgets.Sum(budget => budget.Capacity)),
            Bottleneck = bottleneck,
            Advice = bottleneck == "input" && read.Share == 1 ? null : TuneAdvice.For(TuneAdvice.KindOf(bottleneck), graph.Headroom()),
        };
    }

    /// <summary>Whether a stage writes rows that are kept; dropped rows have a writer, too.</summary>
    private static bool IsOfASet(StageGauge stage) =>
        stage.Name.StartsWith("writer ", StringComparison.Ordinal) && stage.Name != $"writer {DropWriter.Folder}";
}

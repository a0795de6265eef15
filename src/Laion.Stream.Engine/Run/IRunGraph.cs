using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;

namespace LaionStream.Engine.Run;

/// <summary>The stages of a kind of run. The constructor opens what they need: connections, caches, budgets.</summary>
internal interface IRunGraph
{
    /// <summary>Connects the stages.</summary>
    /// <param name="extras">Columns of the lists among the inputs, which are carried with their rows.</param>
    AssembledGraph Assemble(IReadOnlyList<ExtraColumn> extras);

    /// <summary>Applies settings that may change while the graph runs.</summary>
    void TakeLive(PipelineOptions now);

    /// <summary>What was fetched in this session; null for a graph without downloads.</summary>
    RunTraffic? Traffic { get; }

    /// <summary>What could still be turned now; the processors' share counts from the call before.</summary>
    TuneHeadroom Headroom();

    /// <summary>Adds to the summary what only this kind of run has.</summary>
    RunSummary Describe(RunSummary summary);
}

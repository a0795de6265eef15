using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;

namespace LaionStream.Engine.Run;

/// <summary>The stages of a kind of run. Making it opens what they need: connections, caches, budgets.</summary>
internal interface IRunGraph
{
    /// <summary>Puts the stages together.</summary>
    /// <param name="extras">Columns of the lists among the inputs, which travel with their rows.</param>
    AssembledGraph Assemble(IReadOnlyList<ExtraColumn> extras);

    /// <summary>Takes up settings that may change while the graph runs.</summary>
    void TakeLive(PipelineOptions now);

    /// <summary>Adds what only this kind of run knows to the summary.</summary>
    RunSummary Describe(RunSummary summary);
}

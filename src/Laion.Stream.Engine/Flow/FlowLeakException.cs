namespace LaionStream.Engine.Flow;

/// <summary>A stage threw a cancellation that was not an abort. Dataflow would swallow it together with the row, so it ends the run instead.</summary>
public sealed class FlowLeakException(string stage, string row, Exception inner)
    : InvalidOperationException($"Stage '{stage}' leaked a cancellation for row {row}.", inner);

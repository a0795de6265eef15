namespace LaionStream.Engine.Flow;

/// <summary>How a run is asked to end.</summary>
/// <param name="Stop">Stops reading; what is in flight drains and is committed.</param>
/// <param name="Abort">Ends the run at once; queues are discarded.</param>
internal sealed record RunSignals(CancellationToken Stop, CancellationToken Abort);

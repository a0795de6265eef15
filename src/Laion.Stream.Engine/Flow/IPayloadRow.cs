namespace LaionStream.Engine.Flow;

/// <summary>A message that may own memory for an output file: encoded bytes with their lease, embeddings.</summary>
/// <remarks>
/// Who ends the row gives it back: the writer once its files have taken the row, <see cref="FlowBuilder"/> when a stage drops it. A stage that returns the
/// next message passes the payload on in it. After an abort the collector takes it.
/// </remarks>
public interface IPayloadRow : IRow
{
    /// <summary>What the row owns; null unless an output file of the run asked for it. Disposing twice does nothing more than disposing once.</summary>
    IDisposable? Payload { get; }
}

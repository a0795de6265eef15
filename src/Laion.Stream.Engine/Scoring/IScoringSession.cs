using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Scoring;

/// <summary>All models of a run on one device, in two parts that run concurrently; neither part is safe for concurrent use.</summary>
internal interface IScoringSession
{
    /// <summary>The device's name for logs and gauges, such as <c>cpu 0</c>.</summary>
    string Device { get; }

    /// <summary>
    /// Compares the pictures of a batch with their captions, and runs the heads on CLIP's embeddings. Takes ownership of every picture of the batch, even on
    /// failure: those of kept rows that a further model reads are passed on in the next message, the others are disposed.
    /// </summary>
    /// <param name="batch">1 row to the configured batch size.</param>
    /// <param name="abort">Cancels the wait for the device.</param>
    /// <returns>One step per row, in the batch's order.</returns>
    ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort);

    /// <summary>Runs the score models with towers of their own (safety, watermark, toxicity …). Disposes every picture of the batch, even on failure.</summary>
    /// <param name="batch">1 row to the configured batch size.</param>
    /// <param name="abort">Cancels the wait for the device.</param>
    /// <returns>One step per row, in the batch's order.</returns>
    ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort);
}

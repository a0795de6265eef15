using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Scoring;

/// <summary>All models of a run on one device, in two parts that work side by side: one caller at a time for each.</summary>
internal interface IScoringSession
{
    /// <summary>The device's name for logs and gauges, such as <c>cpu 0</c>.</summary>
    string Device { get; }

    /// <summary>
    /// Compares the pictures of a batch with their captions, and asks the heads on CLIP's embeddings. Takes over every picture of the batch, whatever happens:
    /// those of kept rows that a further model reads go on in the next message, the others are disposed.
    /// </summary>
    /// <param name="batch">1 to the configured batch size rows.</param>
    /// <param name="abort">Ends the wait for the device.</param>
    /// <returns>One step per row, in the batch's order.</returns>
    ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort);

    /// <summary>Asks the score models with towers of their own (safety, watermark, toxicity …). Disposes every picture of the batch, whatever happens.</summary>
    /// <param name="batch">1 to the configured batch size rows.</param>
    /// <param name="abort">Ends the wait for the device.</param>
    /// <returns>One step per row, in the batch's order.</returns>
    ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort);
}

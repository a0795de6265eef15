using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Scoring;

/// <summary>All models of a run on one device. One caller at a time.</summary>
internal interface IScoringSession
{
    /// <summary>The device's name for logs and gauges, such as <c>cpu 0</c>.</summary>
    string Device { get; }

    /// <summary>Scores a batch: picture towers, then captions and heads in the same pass. Disposes every picture of the batch, whatever happens.</summary>
    /// <param name="batch">1 to the configured batch size rows.</param>
    /// <param name="abort">Ends the wait for the device.</param>
    /// <returns>One step per row, in the batch's order.</returns>
    ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort);
}

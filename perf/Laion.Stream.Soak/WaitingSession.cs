using LaionStream.Engine.Flow;
using LaionStream.Engine.Imaging;
using LaionStream.Engine.Inference;

namespace LaionStream.Soak;

/// <summary>Stands where the models would: every batch takes the same time and no processor, as a device of its own would.</summary>
/// <param name="wait">Time a batch takes.</param>
internal sealed class WaitingSession(TimeSpan wait) : IScoringSession
{
    private readonly UnscoredSession _pass = new();

    /// <inheritdoc/>
    public string Device => "fake";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
    {
        try
        {
            await Task.Delay(wait, TimeProvider.System, abort);
        }
        catch (OperationCanceledException)
        {
            foreach (PreparedImage image in batch) { image.Dispose(); }
            throw;
        }

        return await _pass.ScoreAsync(batch, abort);
    }
}

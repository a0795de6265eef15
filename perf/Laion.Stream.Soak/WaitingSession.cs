using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Onnx;

namespace LaionStream.Soak;

/// <summary>Replaces the models: every batch takes the same time and no processor, as on a separate device.</summary>
/// <param name="wait">Time per batch.</param>
internal sealed class WaitingSession(TimeSpan wait) : IScoringSession
{
    private readonly UnscoredSession _pass = new();

    /// <inheritdoc/>
    public string Device => Meter.Device;

    /// <summary>How busy it is.</summary>
    public SessionMeter Meter { get; } = new("fake", SessionMeter.ClipPart, threads: 1);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
    {
        long begun = Meter.Begin();
        try
        {
            await Task.Delay(wait, TimeProvider.System, abort);
        }
        catch (OperationCanceledException)
        {
            foreach (PreparedImage image in batch) { image.Dispose(); }
            throw;
        }
        finally
        {
            Meter.End(begun, batch.Count);
        }

        return await _pass.CompareAsync(batch, abort);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort) =>
        _pass.ScoreAsync(batch, abort);
}

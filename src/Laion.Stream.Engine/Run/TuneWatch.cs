using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>
/// Logs what to turn when the same thing has limited the run for ten minutes. Says it again after an hour, or when something else limits the run.
/// </summary>
/// <param name="bottleneck">Names what limits the run now.</param>
/// <param name="headroom">Tells what could still be turned.</param>
/// <param name="clock">Schedules the looks.</param>
/// <param name="log">Receives the sentence.</param>
internal sealed partial class TuneWatch(Func<string> bottleneck, Func<TuneHeadroom> headroom, TimeProvider clock, ILogger<TuneWatch> log) : IDisposable
{
    private const int Looks = 40; // ten minutes
    private const int Same = 36; // a single look may fall between two batches
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly Queue<string> _seen = new();
    private string? _said;
    private long _saidAt;
    private ITimer? _timer;

    /// <summary>Starts looking; the graph is assembled.</summary>
    public void Start() => _timer = clock.CreateTimer(static watch => ((TuneWatch)watch!).Look(), this, Every, Every);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        _seen.Enqueue(TuneAdvice.KindOf(bottleneck()));
        if (_seen.Count > Looks) { _seen.Dequeue(); }
        if (_seen.Count < Looks) { return; }

        IGrouping<string, string> most = _seen.GroupBy(name => name).MaxBy(group => group.Count())!;
        if (most.Count() < Same || (most.Key == _said && clock.GetElapsedTime(_saidAt) < Again)) { return; }
        if (TuneAdvice.For(most.Key, headroom()) is not { } advice) { return; }
        (_said, _saidAt) = (most.Key, clock.GetTimestamp());
        Log.Tune(log, most.Key, advice);
    }

    private static partial class Log
    {
        [LoggerMessage(950, LogLevel.Information, "tune: {Bottleneck} has limited the run for ten minutes: {Advice}")]
        public static partial void Tune(ILogger log, string bottleneck, string advice);
    }
}

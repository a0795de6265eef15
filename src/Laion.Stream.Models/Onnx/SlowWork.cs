namespace LaionStream.Models.Onnx;

/// <summary>Reports every half minute that something is still at work, until it is disposed; quick work is never reported.</summary>
internal sealed class SlowWork : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly ITimer _timer;

    /// <summary>Starts.</summary>
    /// <param name="clock">Measures the time.</param>
    /// <param name="report">Told the time so far, in whole seconds.</param>
    public SlowWork(TimeProvider clock, Action<TimeSpan> report)
    {
        long start = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => report(TimeSpan.FromSeconds(Math.Round(clock.GetElapsedTime(start).TotalSeconds))), null, Every, Every);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}

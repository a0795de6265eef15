namespace LaionStream.Engine.Run;

/// <summary>Which share of the processors this process used lately. Not thread-safe.</summary>
/// <param name="clock">Measures the time.</param>
internal sealed class CoreUse(TimeProvider clock)
{
    private long _lastTime = clock.GetTimestamp();
    private TimeSpan _lastCpu = Environment.CpuUsage.TotalTime;

    /// <summary>The share since the call before, 0 to 1.</summary>
    public double Read()
    {
        (TimeSpan cpu, long now) = (Environment.CpuUsage.TotalTime, clock.GetTimestamp());
        double busy = (cpu - _lastCpu) / (clock.GetElapsedTime(_lastTime, now) * Environment.ProcessorCount);
        (_lastCpu, _lastTime) = (cpu, now);
        return double.IsFinite(busy) ? busy : 0;
    }
}

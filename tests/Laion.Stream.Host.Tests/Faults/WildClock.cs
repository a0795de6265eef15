namespace LaionStream.Host.Tests.Faults;

/// <summary>A clock somebody sets while the run goes on: the date jumps as told, intervals and timers stay true.</summary>
internal sealed class WildClock(Func<TimeSpan> offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset();
}

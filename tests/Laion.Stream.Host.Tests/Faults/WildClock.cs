namespace LaionStream.Host.Tests.Faults;

/// <summary>A clock that is changed during the run: the date jumps as told, intervals and timers stay correct.</summary>
internal sealed class WildClock(Func<TimeSpan> offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset();
}

namespace LaionStream.Engine.Run;

/// <summary>Makes rates of successive glances at a run. Not thread-safe.</summary>
internal sealed class RunPace
{
    private readonly RecentRate _links = new();
    private readonly RecentRate _pictures = new();
    private readonly RecentRate _failed = new();
    private readonly RecentRate _kept = new();
    private readonly RecentRate _bytes = new();
    private readonly RecentRate _input = new();
    private readonly RecentRate _taken = new();

    /// <summary>Takes a glance, and returns the rates since those before.</summary>
    public RunRates Take(RunGlance now)
    {
        _links.Take(now.Elapsed, now.Links);
        _kept.Take(now.Elapsed, now.Written);
        _input.Take(now.Elapsed, now.Input.Read);
        _taken.Take(now.Elapsed, now.Input.Taken);
        _pictures.Take(now.Elapsed, now.Traffic?.Pictures ?? 0);
        _failed.Take(now.Elapsed, now.Traffic?.Failed ?? 0);
        _bytes.Take(now.Elapsed, now.Traffic?.Bytes ?? 0);
        return new RunRates
        {
            Links = _links.PerSecond,
            Pictures = now.Traffic is null ? null : _pictures.PerSecond,
            Kept = _kept.PerSecond,
            Bytes = now.Traffic is null ? _input.PerSecond : _bytes.PerSecond,
            InputBytes = _input.PerSecond,
            Success = now.Traffic is null ? null : Success(),
            Left = now.Input.Total is { } total && now.Input.Share < 1 ? _taken.Until(total) : null,
        };
    }

    private double? Success()
    {
        double ended = _pictures.Steady + _failed.Steady;
        return ended > 0 ? _pictures.Steady / ended : null;
    }
}

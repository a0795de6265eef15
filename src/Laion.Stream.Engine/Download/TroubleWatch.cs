namespace LaionStream.Engine.Download;

/// <summary>Distinguishes a rise of failing requests from their usual share: on the open web, a third of all links is dead at any request rate.</summary>
internal sealed class TroubleWatch
{
    private const double Rise = 0.10;
    private const double Smoothing = 0.3;
    private const int FullWeight = 50; // requests in an interval

    private double _usual = -1;

    /// <summary>Share of troubled requests in the last interval, 0..1.</summary>
    public double Share { get; private set; }

    /// <summary>By how much the last interval exceeded the usual share.</summary>
    public double Excess => Share - Math.Max(_usual, 0);

    /// <summary>Adds one interval; returns whether its share is a statistically significant rise.</summary>
    public bool IsRising(ConcurrencySample sample)
    {
        if (sample.Ended == 0) { return false; }
        Share = Math.Min(1, (double)sample.Troubled / sample.Ended);
        if (_usual < 0)
        {
            _usual = Share;
            return false;
        }

        double deviation = Math.Sqrt(Math.Max(_usual * (1 - _usual), 0.01) / sample.Ended);
        bool rises = Share > _usual + Rise + (2 * deviation);
        double weight = Smoothing * Math.Min(1, (double)sample.Ended / FullWeight) * (rises ? 0.1 : 1);
        _usual += weight * (Share - _usual);
        return rises;
    }

    /// <summary>Makes the last interval's share the usual one.</summary>
    public void Accept() => _usual = Share;
}

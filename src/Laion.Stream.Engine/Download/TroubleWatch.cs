namespace LaionStream.Engine.Download;

/// <summary>Tells a rise of troubled requests from their usual share: on the open web a third of all links is dead at any speed.</summary>
internal sealed class TroubleWatch
{
    private const double Rise = 0.10;
    private const double Smoothing = 0.3;
    private const int FullWeight = 50; // requests in an interval

    private double _usual = -1;

    /// <summary>Share of troubled requests in the last interval, 0..1.</summary>
    public double Share { get; private set; }

    /// <summary>How far the last interval lay above the usual share.</summary>
    public double Excess => Share - Math.Max(_usual, 0);

    /// <summary>Takes one interval in and says whether its share is a rise beyond chance.</summary>
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

    /// <summary>The last interval's share is the usual one from now on.</summary>
    public void Accept() => _usual = Share;
}

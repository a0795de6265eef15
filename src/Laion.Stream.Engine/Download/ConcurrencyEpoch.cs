namespace LaionStream.Engine.Download;

/// <summary>The intervals at one limit. The first ones are excluded, because requests started under the previous limit still dominate them.</summary>
/// <param name="skip">Number of intervals to exclude.</param>
/// <param name="least">Minimum number of intervals to measure.</param>
internal sealed class ConcurrencyEpoch(int skip, int least)
{
    private const int Longest = 8;
    private const int Enough = 100; // pictures: with fewer, a measured rate is unreliable

    private int _skip = skip;
    private int _intervals;
    private double _seconds;
    private long _fetched;
    private long _ended;

    /// <summary>Whether the excluded intervals are over.</summary>
    public bool IsMeasuring => _intervals > 0;

    /// <summary>Whether enough was measured for a decision.</summary>
    public bool IsComplete => _intervals >= Longest || (_intervals >= least && _fetched >= Enough);

    /// <summary>Highest number of requests that held slots at once.</summary>
    public int MostActive { get; private set; }

    /// <summary>Pictures per second.</summary>
    public double Goodput => _fetched / Math.Max(_seconds, 0.001);

    /// <summary>Mean duration of a request in seconds, by Little's law: requests in progress divided by requests ended per second.</summary>
    public double Latency => _ended == 0 ? 0 : MostActive * _seconds / _ended;

    /// <summary>Adds one interval.</summary>
    public void Add(ConcurrencySample sample)
    {
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        _intervals++;
        _seconds += sample.Seconds;
        _fetched += sample.Fetched;
        _ended += sample.Ended;
        MostActive = Math.Max(MostActive, sample.MostActive);
    }
}

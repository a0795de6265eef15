namespace LaionStream.Engine.Download;

/// <summary>The intervals spent at one limit. The first of them still belong to requests let in under the limit before, and are left out.</summary>
/// <param name="skip">Intervals left out.</param>
/// <param name="least">Intervals to judge by, at least.</param>
internal sealed class ConcurrencyEpoch(int skip, int least)
{
    private const int Longest = 8;
    private const int Enough = 100; // pictures: fewer say little about a rate

    private int _skip = skip;
    private int _intervals;
    private double _seconds;
    private long _fetched;
    private long _ended;

    /// <summary>Whether the intervals left out are over.</summary>
    public bool IsMeasuring => _intervals > 0;

    /// <summary>Whether enough was seen to judge by.</summary>
    public bool IsComplete => _intervals >= Longest || (_intervals >= least && _fetched >= Enough);

    /// <summary>The most requests that held slots at once.</summary>
    public int MostActive { get; private set; }

    /// <summary>Pictures a second.</summary>
    public double Goodput => _fetched / Math.Max(_seconds, 0.001);

    /// <summary>Mean seconds of a request, by Little's law: requests under way over requests ended a second.</summary>
    public double Latency => _ended == 0 ? 0 : MostActive * _seconds / _ended;

    /// <summary>Takes one interval in.</summary>
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

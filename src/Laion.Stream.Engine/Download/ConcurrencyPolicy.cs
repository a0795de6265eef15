namespace LaionStream.Engine.Download;

/// <summary>
/// Finds the number of requests beyond which more bring nothing: additive increase while goodput follows, a step back where it does not,
/// multiplicative decrease on errors (AIMD, Chiu and Jain 1989). Values in, a number out; one interval a call.
/// </summary>
/// <remarks>
/// It climbs by doubling until a doubling gains less than a quarter, then probes upward in steps of a tenth with rests in between, and now and then
/// downward: a limit a tenth lower that fetches as much is the better one, since it queues less at the servers.
/// Errors count only as a rise above their usual share: on the open web a third of all links is dead at any speed.
/// </remarks>
/// <param name="least">Lowest limit.</param>
/// <param name="most">Highest limit.</param>
internal sealed class ConcurrencyPolicy(int least, int most)
{
    private const double ErrorRise = 0.10;
    private const double Smoothing = 0.3;
    private const int Rest = 5;

    private double _usualErrors = -1;
    private double _baseGoodput;
    private int _baseLimit;
    private int _resting;
    private int _probes;
    private Move _move = Move.Start;

    private enum Move
    {
        Start,
        Doubling,
        Up,
        Down,
        Steady,
    }

    /// <summary>The limit for the next interval.</summary>
    public int Next(ConcurrencySample sample)
    {
        bool isHurting = _usualErrors >= 0 && sample.ErrorShare > _usualErrors + ErrorRise;
        _usualErrors = _usualErrors < 0 ? sample.ErrorShare : _usualErrors + ((isHurting ? Smoothing / 10 : Smoothing) * (sample.ErrorShare - _usualErrors));
        if (isHurting) { return Settle(Clamp(sample.Limit * 0.7), sample.Goodput * 0.7); }

        // Whoever does not use what it has learns nothing by having more.
        if (sample.MostActive < sample.Limit * 0.9 && _move is not Move.Down) { return _move == Move.Start ? sample.Limit : Settle(sample.Limit, sample.Goodput); }

        return _move switch
        {
            Move.Start => Try(Move.Doubling, sample.Limit * 2.0, sample),
            Move.Doubling => Gain(sample) >= 1.25 ? Try(Move.Doubling, sample.Limit * 2.0, sample) : Settle(Gain(sample) >= 1.05 ? sample.Limit : _baseLimit, sample.Goodput),
            Move.Up => Gain(sample) >= 1.03 ? Try(Move.Up, Step(sample.Limit, up: true), sample) : Settle(_baseLimit, _baseGoodput),
            Move.Down => Gain(sample) >= 0.98 ? Settle(sample.Limit, sample.Goodput) : Settle(_baseLimit, _baseGoodput),
            _ => Probe(sample),
        };
    }

    private int Probe(ConcurrencySample sample)
    {
        _baseGoodput += Smoothing * (sample.Goodput - _baseGoodput);
        if (--_resting > 0) { return sample.Limit; }
        bool up = _probes++ % 2 == 0;
        return Try(up ? Move.Up : Move.Down, Step(sample.Limit, up), sample with { Goodput = _baseGoodput });
    }

    private int Try(Move move, double limit, ConcurrencySample sample)
    {
        int next = Clamp(limit);
        if (next == sample.Limit) { return Settle(sample.Limit, sample.Goodput); }
        _move = move;
        _baseLimit = sample.Limit;
        _baseGoodput = sample.Goodput;
        return next;
    }

    private int Settle(int limit, double goodput)
    {
        _move = Move.Steady;
        _baseLimit = limit;
        _baseGoodput = goodput;
        _resting = Rest;
        return limit;
    }

    private double Gain(ConcurrencySample sample) => _baseGoodput <= 0 ? sample.Goodput > 0 ? 2 : 1 : sample.Goodput / _baseGoodput;

    private double Step(int limit, bool up) => up ? limit + Math.Max(1, limit / 10) : limit - Math.Max(1, limit / 10);

    private int Clamp(double limit) => (int)Math.Clamp(limit, least, most);
}

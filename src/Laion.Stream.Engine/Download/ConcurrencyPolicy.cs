namespace LaionStream.Engine.Download;

/// <summary>
/// Finds the number of concurrent requests beyond which more bring no gain, and reduces it on errors. Pure: one call per interval, measurements in, limit
/// out.
/// </summary>
/// <remarks>
/// <code>
/// climb: double while that gains a quarter ─► knee by Little's law ─► rest ─► probe up ───► keep it and continue, or return
///                                                                     ▲  └──► probe down ─► keep it if it costs nothing, or return
///                                                                     └── longer after each failed probe
/// </code>
/// The knee is the best goodput divided by the best goodput of a single request, as BBR combines a path's capacity with its round trip (Cardwell et al., 2016).
/// A limit is measured over whole intervals, excluding those that requests started under the previous limit still dominate. Probes take steps of a seventh at
/// first; the steps grow when a probe succeeds, and upward steps shrink when one fails. A rise of errors reverts a probe at once; otherwise it cuts the limit
/// by a third (AIMD, Chiu and Jain 1989), or by half when most requests fail. If no cut lowers the share of errors, we are not its cause, and it becomes the
/// usual share.
/// </remarks>
/// <param name="least">Lowest limit.</param>
/// <param name="most">Highest limit.</param>
internal sealed class ConcurrencyPolicy(int least, int most)
{
    private const double ClimbGain = 1.25;
    private const double Headroom = 1.2;
    private const double UpStep = 0.15;
    private const double LeastUpStep = 0.04;
    private const double UpElasticity = 0.15; // of the gain that a server with spare capacity would give
    private const double ClearElasticity = 0.5;
    private const double DownStep = 0.15;
    private const double MostDownStep = 0.4;
    private const double DownKeep = 0.98;
    private const int Quick = 2; // minimum number of intervals of a measurement
    private const int Thorough = 3;
    private const int ShortRest = 3;
    private const int LongRest = 12;
    private const int CutsInVain = 3;

    private readonly TroubleWatch _troubles = new();
    private readonly List<double> _rested = [];
    private ConcurrencyEpoch _epoch = new(1, Quick);
    private Move _move = Move.Climb;
    private int _baseLimit;
    private double _baseGoodput;
    private double _bestGoodput;
    private double _bestOfOne;
    private double _latency;
    private int _failed; // the last limit at which errors rose
    private double _upStep = UpStep;
    private double _downStep = DownStep;
    private bool _upNext = true;
    private bool _looksBack;
    private int _rest = ShortRest;
    private int _resting;
    private int _grace;
    private int _cuts;
    private double _shareAtCut;

    private enum Move
    {
        Climb,
        Rest,
        Up,
        Down,
    }

    /// <summary>The limit for the next interval.</summary>
    public int Next(ConcurrencySample sample)
    {
        bool isRising = _troubles.IsRising(sample);
        bool isInGrace = _grace > 0;
        if (isInGrace) { _grace--; } // requests started under the previous limit still fail
        if (isRising && !isInGrace) { return BackOff(sample); }
        if (!isRising && !isInGrace) { _cuts = 0; }

        _epoch.Add(sample);
        if (_move == Move.Rest) { return Rest(sample); }
        if (!_epoch.IsComplete) { return sample.Limit; }

        _latency = _epoch.Latency;
        // When the current limit is not used, a higher one cannot be measured.
        if (_epoch.MostActive < sample.Limit * 0.9 && _move != Move.Down)
        {
            return _baseLimit == 0 ? Again(sample.Limit) : SetBase(sample.Limit, _epoch.Goodput);
        }
        return _move switch
        {
            Move.Climb => Climb(sample.Limit, _epoch.Goodput),
            Move.Up => JudgeUp(sample.Limit, _epoch.Goodput),
            _ => JudgeDown(sample.Limit, _epoch.Goodput),
        };
    }

    private int Climb(int limit, double goodput)
    {
        _bestGoodput = Math.Max(_bestGoodput, goodput);
        _bestOfOne = Math.Max(_bestOfOne, goodput / limit);
        bool gains = _baseLimit == 0 || goodput >= ClimbGain * _baseGoodput;
        if (gains && Clamp(limit * 2.0) != limit) { return Try(Move.Climb, limit * 2.0, limit, goodput); }
        return SetBase(_bestOfOne > 0 ? Clamp(Math.Min(limit, Headroom * _bestGoodput / _bestOfOne)) : limit, 0);
    }

    private int JudgeUp(int limit, double goodput)
    {
        double needed = Math.Pow((double)limit / _baseLimit, UpElasticity);
        if (goodput < needed * _baseGoodput) { return GoBack(); }

        _rest = ShortRest;
        if (goodput < Math.Pow((double)limit / _baseLimit, ClearElasticity) * _baseGoodput)
        {
            (_upNext, _looksBack) = (false, true); // a small gain may be noise: the next probe goes down, to compare
            return SetBase(limit, goodput);
        }

        _upStep = Math.Min(1, 2 * _upStep);
        return Try(Move.Up, Up(limit), limit, goodput);
    }

    private int JudgeDown(int limit, double goodput)
    {
        if (goodput < DownKeep * _baseGoodput) { return GoBack(); }

        _rest = ShortRest;
        _looksBack = false;
        _downStep = Math.Min(MostDownStep, 1.5 * _downStep);
        _upNext = false;
        return SetBase(limit, goodput);
    }

    private int Rest(ConcurrencySample sample)
    {
        if (!_epoch.IsMeasuring) { return sample.Limit; }
        _rested.Add(sample.Fetched / Math.Max(sample.Seconds, 0.001));
        if (--_resting > 0) { return sample.Limit; }

        _rested.Sort();
        _baseGoodput = (_rested[(_rested.Count - 1) / 2] + _rested[_rested.Count / 2]) / 2; // the median: a machine that paused for a second must not count

        bool isUsed = _epoch.MostActive >= sample.Limit * 0.9;
        _latency = _epoch.Latency;
        (bool up, _upNext) = (_upNext && isUsed, !_upNext);
        if (!up && !isUsed) { return Again(sample.Limit); }
        return Try(up ? Move.Up : Move.Down, up ? Up(sample.Limit) : Math.Min(sample.Limit - 1, sample.Limit * (1 - _downStep)), sample.Limit, _baseGoodput);
    }

    private int BackOff(ConcurrencySample sample)
    {
        bool isProbe = _move == Move.Up || (_move == Move.Climb && _baseLimit > 0);
        if (isProbe)
        {
            _failed = sample.Limit;
            _upNext = true; // the knee is sharp: it lies between the two limits
            int limit = GoBack();
            _grace = Skip();
            return limit;
        }

        if (_cuts++ == 0) { _shareAtCut = _troubles.Share; }
        if (_cuts > CutsInVain && sample.Fetched > 0 && _troubles.Share >= 0.9 * _shareAtCut)
        {
            _troubles.Accept();
            _cuts = 0;
            return SetBase(sample.Limit, 0);
        }

        _rest = ShortRest;
        int cut = SetBase(Clamp(sample.Limit * (_troubles.Excess > 0.5 ? 0.5 : 0.7)), 0);
        _grace = Skip();
        return cut;
    }

    // A failed probe: the next one is smaller or comes later.
    private int GoBack()
    {
        bool isConfirmed = _move == Move.Down && _looksBack; // the small gain was real: continue from here
        bool isSearching = isConfirmed || (_move == Move.Up && _upStep > LeastUpStep);
        _looksBack = false;
        if (!isSearching) { _rest = Math.Min(LongRest, 2 * _rest); }
        if (_move == Move.Up) { _upStep = Math.Max(LeastUpStep, Math.Min(UpStep, _upStep / 2)); }
        _downStep = DownStep;
        return SetBase(_baseLimit, _baseGoodput);
    }

    private int Try(Move move, double limit, int from, double goodput)
    {
        int next = Clamp(limit);
        (_baseLimit, _baseGoodput) = (from, goodput);
        if (next == from) { return SetBase(from, goodput); }
        _move = move;
        // Requests that began together end together: measuring over several request durations averages that out.
        _epoch = new ConcurrencyEpoch(Skip(), move == Move.Climb ? Quick : (int)Math.Clamp(Math.Ceiling(3 * _latency), Thorough, 2 * Thorough));
        return next;
    }

    private int SetBase(int limit, double goodput)
    {
        _move = Move.Rest;
        (_baseLimit, _baseGoodput) = (limit, goodput);
        return Again(limit);
    }

    private int Again(int limit)
    {
        _resting = _rest;
        _rested.Clear();
        if (_baseGoodput > 0) { _rested.Add(_baseGoodput); }
        _epoch = new ConcurrencyEpoch(Skip(), Quick);
        return limit;
    }

    private double Up(int limit)
    {
        double next = limit * (1 + _upStep);
        if (_failed > limit) { next = Math.Min(next, Math.Sqrt((double)limit * _failed)); }
        return Math.Max(limit + 1, Math.Max(next, limit * (1 + LeastUpStep)));
    }

    private int Skip() => (int)Math.Clamp(Math.Ceiling(_latency), 1, 5);

    private int Clamp(double limit) => (int)Math.Clamp(Math.Round(limit), least, most);
}

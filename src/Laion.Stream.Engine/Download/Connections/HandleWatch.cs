using LaionStream.Engine.Handles;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download.Connections;

/// <summary>
/// Checks every few seconds how many handles the process has open, so that connections leave enough for everything else, and logs when handles are scarce.
/// </summary>
internal sealed partial class HandleWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NoticePeriod = TimeSpan.FromSeconds(30);

    private readonly ConnectionTable _connections;
    private readonly int? _limit;
    private readonly ILogger<HandleWatch> _log;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _noticed;
    private int _inUse;
    private int _peak;

    /// <summary>Starts watching.</summary>
    /// <param name="connections">The connections to limit.</param>
    /// <param name="limit">Maximum number of open handles; null for no limit.</param>
    /// <param name="clock">Times the checks.</param>
    /// <param name="log">Logs shortages.</param>
    public HandleWatch(ConnectionTable connections, int? limit, TimeProvider clock, ILogger<HandleWatch> log)
    {
        (_connections, _limit, _clock, _log) = (connections, limit, clock, log);
        _noticed = clock.GetTimestamp() - (long)(NoticePeriod.TotalSeconds * clock.TimestampFrequency);
        Check();
        _timer = clock.CreateTimer(static watch => ((HandleWatch)watch!).Check(), this, Period, Period);
    }

    /// <summary>Handles open at the last check; 0 when the system does not report them.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>The highest number seen by a check.</summary>
    public int Peak => Volatile.Read(ref _peak);

    /// <summary>Logs, at most every 30 seconds, that a connection or a query has to wait for a handle or a port.</summary>
    public void NoteShortage(Exception cause)
    {
        long last = Interlocked.Read(ref _noticed);
        long now = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(last, now) < NoticePeriod || Interlocked.CompareExchange(ref _noticed, now, last) != last) { return; }
        Log.Short(_log, cause.Message, _connections.Counters.Open, InUse, _limit);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        try
        {
            if (HandleLimit.InUse() is not { } inUse) { return; }
            Volatile.Write(ref _inUse, inUse);
            if (inUse > _peak) { Volatile.Write(ref _peak, inUse); }
            if (_limit is { } planned && Math.Min(planned, HandleLimit.Most() ?? planned) is var limit)
            {
                _connections.LeaveToOthers(limit - HandlePlan.Reserve, inUse);
            }
        }
        catch (IOException e) when (HandleShortage.IsShortage(e))
        {
            _connections.Relieve();
            NoteShortage(e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1310, LogLevel.Warning,
            "Connections wait for handles or ports: {Cause} {Connections} connections, {Handles} handles of {Limit} open. Rows wait; the wait does not count towards their time limits.")]
        public static partial void Short(ILogger log, string cause, int connections, int handles, int? limit);
    }
}

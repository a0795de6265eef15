namespace LaionStream.Engine.Handles;

/// <summary>How the handles that the process may open are divided among their users.</summary>
/// <param name="Limit">Maximum number of open handles; null for no limit.</param>
/// <param name="Asked">What the settings ask for.</param>
/// <param name="Granted">What they are granted; the same if the limit allows it.</param>
/// <param name="Sockets">Maximum number of the downloader's connections, idle ones included, however the settings change during the run.</param>
internal sealed record HandlePlan(int? Limit, HandleNeeds Asked, HandleNeeds Granted, int Sockets)
{
    /// <summary>Handles kept free for what is opened later: part files, ledger, log files, libraries, certificate stores, timers of the runtime.</summary>
    public const int Reserve = 64;

    /// <summary>
    /// Those of the reserve that no connection takes even where the plan fails: the limit was lowered, or something else opened more than its share.
    /// </summary>
    public const int LeftToRuntime = Reserve / 2;

    /// <summary>The least number of handles with which the runtime, the libraries and the logs can be opened, so that an error can be reported.</summary>
    public const int Least = 192;

    private const int LeastSockets = 16;

    /// <summary>Whether any setting had to be reduced.</summary>
    public bool IsShort => Asked != Granted;

    /// <summary>The limit at which nothing would be reduced.</summary>
    /// <param name="inUse">Handles open when the plan was made.</param>
    public long Enough(int inUse) => inUse + Reserve + Asked.Total;

    /// <summary>Refuses a limit below which a run cannot begin.</summary>
    /// <exception cref="HandleLimitException">The limit is lower.</exception>
    public static void CheckLeast(int? limit)
    {
        if (limit < Least) { throw HandleLimitException.For(limit.Value, Least); }
    }

    /// <summary>Divides the handles.</summary>
    /// <param name="limit">Maximum number of open handles; null for no limit.</param>
    /// <param name="inUse">Handles open already.</param>
    /// <param name="asked">What the settings ask for.</param>
    /// <exception cref="HandleLimitException">The limit is below the minimum that a run needs.</exception>
    public static HandlePlan For(int? limit, int inUse, HandleNeeds asked)
    {
        if (limit is not { } most) { return new HandlePlan(null, asked, asked, int.MaxValue); }
        int free = most - inUse - Reserve;
        if (free >= asked.Total)
        {
            return new HandlePlan(most, asked, asked, free - (asked.Queries * HandleNeeds.PerQuery) - (asked.Inputs * HandleNeeds.PerInput));
        }

        int inputs = Part(free / 8 / HandleNeeds.PerInput, asked.Inputs);
        int queries = Part(free / 5 / HandleNeeds.PerQuery, asked.Queries);
        int sockets = free - (inputs * HandleNeeds.PerInput) - (queries * HandleNeeds.PerQuery);
        if (sockets < LeastSockets) { throw HandleLimitException.For(most, most - sockets + LeastSockets); }

        // A stalled request only costs a socket. Idle connections are granted last, because a new connection costs just a round trip.
        int concurrency = Part(sockets / 2, asked.Concurrency);
        int idle = Math.Min(asked.Idle, Math.Max(0, (sockets - concurrency) / 2));
        int stalled = Math.Min(asked.Stalled, sockets - concurrency - idle);
        idle = Math.Min(asked.Idle, sockets - concurrency - stalled);
        return new HandlePlan(most, asked, new HandleNeeds(concurrency, stalled, idle, queries, inputs), sockets);
    }

    /// <summary>What was reduced, for the log: each key with its old and its new value.</summary>
    public string Describe() => string.Join(", ", new[]
    {
        Change("Laion:Download:Concurrency", Asked.Concurrency, Granted.Concurrency),
        Change("Laion:Download:MaxStalled", Asked.Stalled, Granted.Stalled),
        Change("Laion:Download:MaxIdle", Asked.Idle, Granted.Idle),
        Change("Laion:Download:Dns:MaxQueries", Asked.Queries, Granted.Queries),
        Change("Laion:Input:Parallel", Asked.Inputs, Granted.Inputs),
    }.OfType<string>());

    private static int Part(int share, int asked) => Math.Min(Math.Max(1, share), asked);

    private static string? Change(string key, int asked, int granted) => asked == granted ? null : $"{key} {granted} instead of {asked}";
}

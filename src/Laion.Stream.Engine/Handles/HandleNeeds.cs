namespace LaionStream.Engine.Handles;

/// <summary>The handles that the settings may open at once.</summary>
/// <param name="Concurrency">Concurrent requests.</param>
/// <param name="Stalled">Stalled requests in addition to these.</param>
/// <param name="Idle">Connections kept for later requests.</param>
/// <param name="Queries">Concurrent DNS queries.</param>
/// <param name="Inputs">Input files read concurrently.</param>
internal sealed record HandleNeeds(int Concurrency, int Stalled, int Idle, int Queries, int Inputs)
{
    /// <summary>Handles that reading one input may take: the file, or the connections of a remote one, and a second reader of an archive.</summary>
    public const int PerInput = 4;

    /// <summary>Sockets that each concurrent DNS query may require: queries without a quick answer keep waiting in addition to the counted ones.</summary>
    public const int PerQuery = 9;

    /// <summary>The total number of handles.</summary>
    public long Total => Concurrency + (long)Stalled + Idle + ((long)Queries * PerQuery) + ((long)Inputs * PerInput);
}

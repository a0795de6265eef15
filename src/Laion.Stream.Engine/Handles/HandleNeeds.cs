namespace LaionStream.Engine.Handles;

/// <summary>What the settings may open at once.</summary>
/// <param name="Concurrency">Requests under way.</param>
/// <param name="Stalled">Requests that stand still beside these.</param>
/// <param name="Idle">Connections kept for later requests.</param>
/// <param name="Queries">DNS queries under way.</param>
/// <param name="Inputs">Input files read at the same time.</param>
internal sealed record HandleNeeds(int Concurrency, int Stalled, int Idle, int Queries, int Inputs)
{
    /// <summary>Handles that reading one input may take: the file, or the connections of a remote one, and a second reader of an archive.</summary>
    public const int PerInput = 4;

    /// <summary>Sockets that one place for a DNS query may stand for: queries that get no answer soon wait beside those under way.</summary>
    public const int PerQuery = 9;

    /// <summary>All of them.</summary>
    public long Total => Concurrency + (long)Stalled + Idle + ((long)Queries * PerQuery) + ((long)Inputs * PerInput);
}

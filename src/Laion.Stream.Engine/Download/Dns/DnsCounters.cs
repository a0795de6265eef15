namespace LaionStream.Engine.Download.Dns;

/// <summary>Counts of a resolver since its start.</summary>
/// <param name="Lookups">Names asked for.</param>
/// <param name="Hits">Answered from the cache or the hosts file.</param>
/// <param name="Coalesced">Joined a look-up already under way.</param>
/// <param name="Queries">Questions sent to resolvers.</param>
/// <param name="Failovers">Questions sent again, to another resolver or to the only one.</param>
/// <param name="NoSuchName">Look-ups that found the name missing.</param>
/// <param name="Failed">Look-ups no resolver answered.</param>
/// <param name="Cached">Names remembered now.</param>
internal sealed record DnsCounters(long Lookups, long Hits, long Coalesced, long Queries, long Failovers, long NoSuchName, long Failed, int Cached);

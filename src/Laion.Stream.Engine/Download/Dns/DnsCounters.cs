namespace LaionStream.Engine.Download.Dns;

/// <summary>Counts of a resolver since its start.</summary>
/// <param name="Lookups">Names asked for.</param>
/// <param name="Hits">Lookups answered from the cache or the hosts file.</param>
/// <param name="Coalesced">Lookups that joined one already in progress.</param>
/// <param name="Queries">Questions sent to resolvers.</param>
/// <param name="Failovers">Questions sent again, to another resolver or to the only one.</param>
/// <param name="NoSuchName">Lookups that found that the name does not exist.</param>
/// <param name="Failed">Lookups that no resolver answered.</param>
/// <param name="Cached">Names in the cache now.</param>
internal sealed record DnsCounters(long Lookups, long Hits, long Coalesced, long Queries, long Failovers, long NoSuchName, long Failed, int Cached);

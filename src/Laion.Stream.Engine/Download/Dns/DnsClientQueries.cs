using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace LaionStream.Engine.Download.Dns;

/// <summary>Asks resolvers over the network with the DnsClient package. Caching, failover and patience are <see cref="NameResolver"/>'s.</summary>
internal sealed class DnsClientQueries
{
    private readonly LookupClient _client;
    private readonly TimeSpan _timeout;

    /// <summary>Makes a client for some resolvers.</summary>
    public DnsClientQueries(IReadOnlyList<IPEndPoint> servers, TimeSpan timeout)
    {
        _timeout = timeout;
        _client = new LookupClient(new LookupClientOptions([.. servers])
        {
            AutoResolveNameServers = false,
            UseCache = false,
            Retries = 0,
            Timeout = timeout,
            ThrowDnsErrors = false,
            ContinueOnDnsError = false,
            ContinueOnEmptyResponse = false,
            CacheFailedResults = false,
        });
    }

    /// <summary>The query; see <see cref="DnsQuery"/>.</summary>
    public async Task<DnsReply> QueryAsync(IPEndPoint server, string name, bool ipv6, CancellationToken abort)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(abort);
        patience.CancelAfter(_timeout); // the client's own timeout does not cover a TCP retry
        try
        {
            var question = new DnsQuestion(name, ipv6 ? QueryType.AAAA : QueryType.A);
            IDnsQueryResponse response = await _client.QueryServerAsync([new NameServer(server)], question, patience.Token);
            return Read(response);
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            return DnsReply.Silence; // out of patience
        }
        catch (DnsResponseException e) when (e.Code == DnsResponseCode.ConnectionTimeout)
        {
            return DnsReply.Silence; // the client was out of patience first
        }
        catch (Exception e) when (e is DnsResponseException or DnsResponseParseException or DnsXidMismatchException or SocketException or IOException or ArgumentException
            or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            return DnsReply.Failed; // unreachable, or bytes that are no answer; the caller counts it and asks the next resolver
        }
    }

    private static DnsReply Read(IDnsQueryResponse response)
    {
        switch (response.Header.ResponseCode)
        {
            case DnsHeaderResponseCode.NotExistentDomain:
                return new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.Zero);
            case not DnsHeaderResponseCode.NoError:
                return DnsReply.Failed;
        }

        var addresses = new List<IPAddress>();
        int ttl = int.MaxValue;
        foreach (DnsResourceRecord record in response.Answers)
        {
            // Records of the alias chain bound the answer's life too.
            if (record is AddressRecord or CNameRecord) { ttl = Math.Min(ttl, Math.Max(0, record.InitialTimeToLive)); }
            if (record is AddressRecord address) { addresses.Add(address.Address); }
        }

        return new DnsReply(DnsStatus.Found, [.. addresses], TimeSpan.FromSeconds(addresses.Count > 0 ? ttl : 0));
    }
}

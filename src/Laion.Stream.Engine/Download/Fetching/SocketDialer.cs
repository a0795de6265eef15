using System.Net;
using System.Net.Sockets;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Network;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Opens every connection of the download module: resolves the name in process, checks each address with the guard and connects to one that passed.
/// The address that is checked is the address that is connected to, so DNS rebinding has no effect.
/// </summary>
internal sealed class SocketDialer(NameResolver names, ResolveMap map, AddressGuard guard, ConnectionTable connections, NetworkWatch network,
    Func<TimeSpan> timeout)
{
    private const int MostAddresses = 4;
    private long _opened;

    /// <summary>Connections opened so far.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    /// <summary>Finds the endpoints that a host's connections may use.</summary>
    /// <param name="host">As WHATWG serialises it.</param>
    /// <param name="port">The URL's port.</param>
    /// <param name="abort">Ends the wait.</param>
    /// <returns>The endpoints that passed the guard, or the reason why there are none.</returns>
    /// <exception cref="HandleShortageException">No socket was available to query a resolver.</exception>
    public async ValueTask<(IPEndPoint[] EndPoints, DropReason Refused)> FindAsync(string host, int port, CancellationToken abort)
    {
        // A literal address or a reserved name is checked as written, even if the operator's map would resolve it elsewhere.
        if (guard.JudgeHost(host) is false) { return ([], DropReason.BlockedAddress); }
        if (map.Find(host) is { } mapped)
        {
            var target = new IPEndPoint(mapped.Address, mapped.Port == 0 ? port : mapped.Port);
            return guard.IsAllowed(target.Address) ? ([target], DropReason.None) : ([], DropReason.BlockedAddress);
        }

        if (TryParseLiteral(host, out IPAddress? literal)) { return ([new IPEndPoint(literal, port)], DropReason.None); }

        DnsAnswer answer = await names.ResolveAsync(host, abort);
        if (answer.Status == DnsStatus.NoHandle) { throw new HandleShortageException("No socket is left to ask a resolver with."); }
        if (answer.Status != DnsStatus.Found) { return ([], DropReason.DnsFailed); }
        IPEndPoint[] allowed = [.. guard.Filter(answer.Addresses).Take(MostAddresses).Select(address => new IPEndPoint(address, port))];
        return (allowed, allowed.Length == 0 ? DropReason.BlockedAddress : DropReason.None);
    }

    /// <summary>Whether a name is known to have no addresses.</summary>
    /// <param name="host">As WHATWG serialises it.</param>
    public bool IsMissing(string host) => names.Peek(host) is { Status: DnsStatus.NoSuchName };

    /// <summary>
    /// Tries to reach anything: addresses that were reached before, and hosts that failed. While none was ever reached, the failed hosts' names are asked for
    /// anew; those that need no resolver show nothing of the network, so their failures stand.
    /// </summary>
    /// <inheritdoc cref="NetworkProbe"/>
    public async Task ProbeAsync(IReadOnlyList<IPEndPoint> known, IReadOnlyList<DnsEndPoint> failed, CancellationToken abort)
    {
        foreach (DnsEndPoint host in failed) { names.Forget(host.Host); }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(abort);
        patience.CancelAfter(timeout());
        IEnumerable<Task> tries = known.Select(address => ProbeAsync([address], patience.Token)).Concat(failed.Select(async host =>
        {
            (IPEndPoint[] addresses, _) = await FindAsync(host.Host, host.Port, patience.Token);
            if (known.Count == 0 && addresses.Length > 0) { network.NoteWeakSign(); }
            if (known.Count > 0 && addresses.Length > 0) { await ProbeAsync(addresses, patience.Token); }
        }));
        foreach (Task one in tries.ToArray())
        {
            // what was reached has been noted
            await one.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task ProbeAsync(IPEndPoint[] addresses, CancellationToken abort)
    {
        using Socket socket = await ConnectAnyAsync(addresses, abort);
    }

    /// <summary>The handler's connect callback.</summary>
    /// <exception cref="DialException">No address is allowed, or none could be connected to.</exception>
    /// <exception cref="HandleShortageException">No handle or port is available for the connection.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken abort)
    {
        // When a new connection ends without an answer, the handler sends a GET again, up to three times. We count and space retries ourselves,
        // so a second connection for the same request is refused. A request whose first connection went to another request is not affected.
        var request = context.InitialRequestMessage as FetchRequest;
        if (request?.Dialed is { EndedUnanswered: true }) { throw new DialException(DropReason.ConnectFailed); }

        (IPEndPoint[] endPoints, DropReason refused) = await FindAsync(HostOf(context.DnsEndPoint), context.DnsEndPoint.Port, abort);
        if (refused != DropReason.None) { throw new DialException(refused); }

        connections.TakePlace();
        Socket socket;
        try
        {
            socket = await ConnectAnyAsync(endPoints, abort);
        }
        catch (Exception e)
        {
            connections.ReleasePlace(HandleShortage.IsShortage(e));
            throw;
        }

        Interlocked.Increment(ref _opened);
        var stream = new DialedStream(socket, connections, request?.Lease.Origin ?? "");
        if (request is not null)
        {
            request.Dialed = stream;
            connections.Add(stream, request.Lease);
        }

        return stream;
    }

    private async Task<Socket> ConnectAnyAsync(IPEndPoint[] endPoints, CancellationToken abort)
    {
        for (int i = 0; ; i++)
        {
            bool isLast = i == endPoints.Length - 1;
            Socket? socket = null;
            try
            {
                socket = HandleLimit.LeaveLast(new Socket(endPoints[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
                if (isLast)
                {
                    await socket.ConnectAsync(endPoints[i], abort);
                }
                else
                {
                    // An address that does not answer must leave time for the next one.
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(abort);
                    patience.CancelAfter(timeout() / endPoints.Length);
                    await socket.ConnectAsync(endPoints[i], patience.Token);
                }

                network.NoteConnected(endPoints[i]);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket?.Dispose();
                if (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused }) { network.NoteWeakSign(); }
                if (abort.IsCancellationRequested) { throw; }
                if (IsOurs(e, endPoints[i])) { throw new HandleShortageException($"No handle or port is left for a connection: {e.Message}", e); }
                if (isLast) { throw new DialException(DropReason.ConnectFailed, e); }
            }
        }
    }

    // With no free local port, connecting fails in the same way as with no local address of that family; connecting a datagram socket distinguishes the two.
    private static bool IsOurs(Exception failure, IPEndPoint target)
    {
        if (HandleShortage.IsShortage(failure)) { return true; }
        if (failure is not SocketException { SocketErrorCode: SocketError.AddressNotAvailable }) { return false; }
        try
        {
            using var probe = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(target); // sends nothing
            return true;
        }
        catch (SocketException e)
        {
            return HandleShortage.IsShortage(e);
        }
    }

    // The handler passes IPv6 literals without the brackets of a URL's host.
    private static string HostOf(DnsEndPoint endPoint) => endPoint.Host.Contains(':') && endPoint.Host[0] != '[' ? $"[{endPoint.Host}]" : endPoint.Host;

    private static bool TryParseLiteral(string host, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return (host[0] == '[' || char.IsAsciiDigit(host[^1])) && IPAddress.TryParse(host.AsSpan().Trim("[]"), out address);
    }
}

using System.Net;
using System.Net.Sockets;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Opens every connection of the room: resolves the name in process, asks the guard about each address and connects to one that passed.
/// The address judged is the address connected to, so a name that changes its answer in between gains nothing.
/// </summary>
internal sealed class SocketDialer(NameResolver names, ResolveMap map, AddressGuard guard, ConnectionTable connections, Func<TimeSpan> timeout)
{
    private const int MostAddresses = 4;
    private long _opened;

    /// <summary>Connections opened so far.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    /// <summary>Finds where a host's connections may go.</summary>
    /// <param name="host">As WHATWG serialises it.</param>
    /// <param name="port">The URL's port.</param>
    /// <param name="abort">Ends the wait.</param>
    /// <returns>Endpoints that passed the guard, or why there is none.</returns>
    /// <exception cref="HandleShortageException">There was no socket to ask a resolver with.</exception>
    public async ValueTask<(IPEndPoint[] EndPoints, DropReason Refused)> FindAsync(string host, int port, CancellationToken abort)
    {
        // A literal address or a reserved name is judged as it stands, wherever the operator's map would send it.
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

    /// <summary>The handler's connect callback.</summary>
    /// <exception cref="DialException">No address may be connected to, or none could be.</exception>
    /// <exception cref="HandleShortageException">No handle or port is left for the connection.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken abort)
    {
        // The handler sends a GET again, up to three times, when a new connection ends without an answer. Retries are ours to count and to space,
        // so a second connection for the same request is refused; one whose first connection was taken by another request is not affected.
        var request = context.InitialRequestMessage as FetchRequest;
        if (request?.Dialed is { IsBarren: true }) { throw new DialException(DropReason.ConnectFailed); }

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
            connections.GivePlaceBack(HandleShortage.IsShortage(e));
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
                socket = new Socket(endPoints[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                if (isLast)
                {
                    await socket.ConnectAsync(endPoints[i], abort);
                }
                else
                {
                    // A dead address must not eat the time of the next one.
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(abort);
                    patience.CancelAfter(timeout() / endPoints.Length);
                    await socket.ConnectAsync(endPoints[i], patience.Token);
                }

                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket?.Dispose();
                if (abort.IsCancellationRequested) { throw; }
                if (IsOurs(e, endPoints[i])) { throw new HandleShortageException($"No handle or port is left for a connection: {e.Message}", e); }
                if (isLast) { throw new DialException(DropReason.ConnectFailed, e); }
            }
        }
    }

    // Without a free port a connect fails as it does without any address of that family to come from; connecting a datagram socket tells one from the other.
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

    // The handler hands IPv6 literals over without the brackets that a URL's host has.
    private static string HostOf(DnsEndPoint endPoint) => endPoint.Host.Contains(':') && endPoint.Host[0] != '[' ? $"[{endPoint.Host}]" : endPoint.Host;

    private static bool TryParseLiteral(string host, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return (host[0] == '[' || char.IsAsciiDigit(host[^1])) && IPAddress.TryParse(host.AsSpan().Trim("[]"), out address);
    }
}

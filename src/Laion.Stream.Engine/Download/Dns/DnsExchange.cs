using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Dns;

/// <summary>
/// Queries resolvers over UDP, and over TCP when a response does not fit in a datagram (RFC 1035, RFC 7766). <see cref="NameResolver"/> does the caching,
/// the failover and the choice of the server.
/// </summary>
/// <remarks>
/// Each question uses its own socket, connected to the server, and a random identifier: to forge a response, an attacker has to guess both port and
/// identifier (RFC 5452). Datagrams that are not a response to the question are ignored until the timeout.
/// </remarks>
/// <param name="timeout">Time limit of one query: the question, its repetitions without EDNS and over TCP, and the aliases that are followed.</param>
internal sealed class DnsExchange(TimeSpan timeout)
{
    private const int MaxFollowed = 8;
    private const int DatagramBytes = 4096; // more than the question announces, because some servers ignore that

    /// <summary>The query; see <see cref="DnsQuery"/>.</summary>
    public async Task<DnsReply> QueryAsync(IPEndPoint server, string name, bool ipv6, CancellationToken abort)
    {
        // not a valid domain name, so it cannot exist
        if (!DnsName.TryEncode(name, out string? wire)) { return new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.Zero); }
        using var query = new Query(server, ipv6, timeout, abort);
        try
        {
            return await query.FollowAsync(wire);
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            return query.WasMalformed ? DnsReply.Failed : DnsReply.NoReply;
        }
        catch (Exception e) when (IsLocalShortage(e))
        {
            return DnsReply.NoHandle;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return DnsReply.Failed; // unreachable; the caller counts it and asks the next resolver
        }
    }

    // When no local port is free, connecting a datagram socket fails with EAGAIN.
    private static bool IsLocalShortage(Exception failure) =>
        HandleShortage.IsShortage(failure) || failure is SocketException { SocketErrorCode: SocketError.WouldBlock };

    private sealed class Query(IPEndPoint server, bool ipv6, TimeSpan timeout, CancellationToken abort) : IDisposable
    {
        private readonly CancellationTokenSource _deadline = Deadline(timeout, abort);

        /// <summary>Whether an unreadable response arrived: the server did respond.</summary>
        public bool WasMalformed { get; private set; }

        public void Dispose() => _deadline.Dispose();

        /// <summary>Sends the question; if the answer ends at an alias without an address, asks for that alias.</summary>
        public async Task<DnsReply> FollowAsync(string name)
        {
            TimeSpan ttl = TimeSpan.MaxValue;
            for (int i = 0; i < MaxFollowed; i++)
            {
                DnsResponse response = await AskAsync(name);
                ttl = response.Reply.Ttl < ttl ? response.Reply.Ttl : ttl;
                if (response.Alias is not { } next) { return response.Reply with { Ttl = ttl }; }
                name = next;
            }

            return DnsReply.Failed; // the aliases form a loop
        }

        private async Task<DnsResponse> AskAsync(string name)
        {
            DnsResponse response = await AskAsync(name, edns: true);
            return response.Kind == DnsResponseKind.WithoutEdns ? await AskAsync(name, edns: false) : response;
        }

        private async Task<DnsResponse> AskAsync(string name, bool edns)
        {
            var question = new DnsQuestion((ushort)RandomNumberGenerator.GetInt32(1 << 16), name, ipv6, edns);
            DnsResponse response = await OverUdpAsync(question);
            return response.Kind == DnsResponseKind.Truncated ? await OverTcpAsync(question) : response;
        }

        private async Task<DnsResponse> OverUdpAsync(DnsQuestion question)
        {
            using Socket socket = HandleLimit.LeaveLast(new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
            byte[] buffer = ArrayPool<byte>.Shared.Rent(DatagramBytes);
            try
            {
                await socket.ConnectAsync(server, _deadline.Token); // the kernel accepts datagrams from this address and port only
                await socket.SendAsync(question.ToBytes(), _deadline.Token);
                while (true)
                {
                    int length = await socket.ReceiveAsync(buffer.AsMemory(0, DatagramBytes), _deadline.Token);
                    DnsResponse response = Read(buffer.AsSpan(0, length), question);
                    if (response.Kind is DnsResponseKind.Foreign or DnsResponseKind.Malformed) { continue; }
                    return response;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private async Task<DnsResponse> OverTcpAsync(DnsQuestion question)
        {
            using Socket socket = HandleLimit.LeaveLast(new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            byte[] buffer = ArrayPool<byte>.Shared.Rent(sizeof(ushort) + ushort.MaxValue);
            try
            {
                await socket.ConnectAsync(server, _deadline.Token);
                await using var stream = new NetworkStream(socket);
                byte[] message = question.ToBytes();
                BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)message.Length);
                message.CopyTo(buffer, sizeof(ushort));
                await stream.WriteAsync(buffer.AsMemory(0, sizeof(ushort) + message.Length), _deadline.Token);
                while (true)
                {
                    await stream.ReadExactlyAsync(buffer.AsMemory(0, sizeof(ushort)), _deadline.Token);
                    int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
                    await stream.ReadExactlyAsync(buffer.AsMemory(0, length), _deadline.Token);
                    DnsResponse response = Read(buffer.AsSpan(0, length), question);
                    if (response.Kind == DnsResponseKind.Foreign) { continue; }
                    return response.Kind == DnsResponseKind.Truncated ? new DnsResponse(DnsResponseKind.Malformed, DnsReply.Failed) : response;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private DnsResponse Read(ReadOnlySpan<byte> message, DnsQuestion question)
        {
            DnsResponse response = DnsResponse.Read(message, question);
            if (response.Kind == DnsResponseKind.Malformed && message.Length == DatagramBytes)
            {
                return new DnsResponse(DnsResponseKind.Truncated, DnsReply.Failed); // the datagram was larger than the buffer
            }

            WasMalformed |= response.Kind == DnsResponseKind.Malformed;
            return response;
        }

        private static CancellationTokenSource Deadline(TimeSpan timeout, CancellationToken abort)
        {
            var deadline = CancellationTokenSource.CreateLinkedTokenSource(abort);
            deadline.CancelAfter(timeout);
            return deadline;
        }
    }
}

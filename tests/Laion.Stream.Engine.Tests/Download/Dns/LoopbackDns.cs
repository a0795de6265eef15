using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LaionStream.Engine.Tests.Download.Dns;

/// <summary>A name server on loopback, over UDP and TCP on the same port, with answers from a test.</summary>
internal sealed class LoopbackDns : IAsyncDisposable
{
    private readonly Func<byte[], bool, IEnumerable<byte[]>> _answer;
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <param name="answer">Maps a query's bytes, and whether it came over TCP, to the messages to send; over TCP they start with their own length.</param>
    public LoopbackDns(Func<byte[], bool, IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        (_udp, _tcp) = Bind();
        EndPoint = (IPEndPoint)_udp.Client.LocalEndPoint!;
        _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>The address it listens on.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Sends a datagram to a client from another port than the server's.</summary>
    public static async Task ForgeAsync(IPEndPoint client, byte[] message)
    {
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await stranger.SendAsync(message, client);
    }

    /// <summary>The client of the last datagram.</summary>
    public IPEndPoint? Client { get; private set; }

    /// <summary>Prefixes a message with its length, as TCP requires.</summary>
    public static byte[] Framed(byte[] message)
    {
        var framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        return framed;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _tcp.Dispose();
        _udp.Dispose();
        _stop.Dispose();
    }

    private static (UdpClient Udp, TcpListener Tcp) Bind()
    {
        while (true)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        while (true)
        {
            try
            {
                UdpReceiveResult question = await _udp.ReceiveAsync(_stop.Token);
                Client = question.RemoteEndPoint;
                foreach (byte[] message in _answer(question.Buffer, false)) { await _udp.SendAsync(message, question.RemoteEndPoint, _stop.Token); }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client did not wait for this answer; it may for the next one.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                NetworkStream stream = client.GetStream();
                var size = new byte[2];
                await stream.ReadExactlyAsync(size, _stop.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
                await stream.ReadExactlyAsync(question, _stop.Token);
                foreach (byte[] message in _answer(question, true)) { await stream.WriteAsync(message, _stop.Token); }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException)
            {
                // The client closed the connection.
            }
        }
    }
}

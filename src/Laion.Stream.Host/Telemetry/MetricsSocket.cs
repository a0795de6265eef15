using System.Net;
using System.Net.Sockets;
using LaionStream.Host.Configuration;

namespace LaionStream.Host.Telemetry;

/// <summary>The socket of <c>Laion:Metrics:Listen</c>, opened before anything else is created: a port that is taken is an error in the settings.</summary>
internal static class MetricsSocket
{
    private const int Backlog = 16;

    /// <summary>Listens.</summary>
    /// <param name="endPoint">Where.</param>
    /// <exception cref="UsageException">The port is taken, or the address is none of this machine or not allowed to this user.</exception>
    public static Socket Listen(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) { socket.DualMode = true; }
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            string cause = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    "is in use by another process, perhaps another run with the same settings. Give each run a port of its own, or 0 for any free one",
                SocketError.AddressNotAvailable => "is no address of this machine",
                SocketError.AccessDenied => "is not allowed to this user: ports below 1024 need privileges",
                _ => $"cannot be listened on: {e.Message}",
            };
            throw new UsageException([$"Laion:Metrics:Listen: {endPoint} {cause}."]);
        }
    }
}

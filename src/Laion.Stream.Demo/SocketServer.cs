using System.Net;
using System.Net.Sockets;

namespace LaionStream.Demo;

/// <summary>Accepts connections on a free port of 127.0.0.1 and passes each to a delegate, until disposed.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _loop;
    private int _connections;

    /// <summary>Starts listening.</summary>
    /// <param name="serve">Serves one connection until it ends; its token is cancelled when the server stops. It must not throw for anything that a client may
    /// do.</param>
    public SocketServer(Func<Socket, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _loop = AcceptAsync();
    }

    /// <summary>The port it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop; // it may be about to accept again, which a stopped listener refuses
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                open.Add(_serve(client, _stop.Token));
                open.RemoveAll(static task => task.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open); // disposed: no more clients
        }
    }
}

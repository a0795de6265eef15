using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LaionStream.TestWorld.Wats;

/// <summary>A loopback HTTP server of one file that cuts the line after a random number of bytes, again and again.</summary>
public sealed class CuttingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _file;
    private readonly CuttingServerManners _manners;
    private readonly Random _random;
    private readonly Task _serving;
    private int _requests;

    /// <summary>Begins to serve.</summary>
    /// <param name="file">What it serves under every path.</param>
    /// <param name="manners">How it misbehaves.</param>
    public CuttingServer(byte[] file, CuttingServerManners manners)
    {
        _file = file;
        _manners = manners;
        _random = new Random(manners.Seed);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Address of the file.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/crawl/file.warc.wat.gz";

    /// <summary>Requests answered.</summary>
    public int Requests => _requests;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving; // it may be on its way to another accept, which a stopped listener would not take
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.LingerState = new LingerOption(true, 0); // a cut is a reset, not a polite end
                await AnswerAsync(client.GetStream());
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // The client hung up, or the test is over: the next connection, if any, is served all the same.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        string request = await ReadRequestAsync(stream);
        int number = Interlocked.Increment(ref _requests);
        if (number <= _manners.BusyAnswers)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
            return;
        }

        int from = _manners.IgnoresRange ? 0 : RangeOf(request);
        string tag = _manners.ChangesAfter is { } changes && number > changes ? "\"two\"" : "\"one\"";
        if (from > 0 && request.Contains("If-Range: ", StringComparison.OrdinalIgnoreCase) && !request.Contains(tag, StringComparison.Ordinal))
        {
            from = 0;
        }

        string status = from > 0
            ? $"206 Partial Content\r\nContent-Range: bytes {from}-{_file.Length - 1}/{_file.Length}"
            : "200 OK";
        string header = $"HTTP/1.1 {status}\r\nContent-Length: {_file.Length - from}\r\nETag: {tag}\r\nContent-Type: application/gzip\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(header), _stop.Token);
        int bytes = Math.Min(_file.Length - from, _random.Next(_manners.MinBytes, _manners.MaxBytes));
        await stream.WriteAsync(_file.AsMemory(from, bytes), _stop.Token);
        await stream.FlushAsync(_stop.Token);
        if (from + bytes == _file.Length || bytes > 0)
        {
            await DrainAsync(stream);
        }
    }

    /// <summary>Lets what was sent arrive before the reset, which would overtake it.</summary>
    private static async Task DrainAsync(NetworkStream stream)
    {
        stream.Socket.Shutdown(SocketShutdown.Send);
        byte[] scrap = new byte[256];
        while (await stream.ReadAsync(scrap) > 0)
        {
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private static int RangeOf(string request)
    {
        const string Mark = "Range: bytes=";
        int at = request.IndexOf("\r\n" + Mark, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return 0;
        }

        int start = at + 2 + Mark.Length;
        return int.Parse(request.AsSpan(start, request.IndexOf('-', start) - start), System.Globalization.CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LaionStream.TestWorld.Wats;

/// <summary>A loopback HTTP server of one file that resets the connection after a random number of bytes, every time.</summary>
public sealed class CuttingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _file;
    private readonly CuttingServerManners _manners;
    private readonly Random _random;
    private readonly Task _serving;
    private int _requests;

    /// <summary>Starts serving.</summary>
    /// <param name="file">The file for every path.</param>
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
    public string Address => AddressOf("file.warc.wat.gz");

    /// <summary>Address of the file under another name.</summary>
    public string AddressOf(string name) => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/crawl/{name}";

    /// <summary>Requests answered.</summary>
    public int Requests => _requests;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving; // it may be about to accept again, which a stopped listener refuses
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
                client.LingerState = new LingerOption(true, 0); // the connection is reset, not closed in order
                await AnswerAsync(client.GetStream());
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // The client closed, or the test is over: the next connection, if any, is still served.
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

        (int from, int end) = (!_manners.IgnoresRange ? RangeOf(request) : null) ?? (-1, _file.Length);
        bool isPart = from >= 0;
        from = Math.Max(from, 0);
        end = Math.Min(end, _file.Length);
        string tag = _manners.ChangesAfter is { } changes && number > changes ? "\"two\"" : "\"one\"";
        if (isPart && request.Contains("If-Range: ", StringComparison.OrdinalIgnoreCase) && !request.Contains(tag, StringComparison.Ordinal))
        {
            (isPart, from, end) = (false, 0, _file.Length);
        }

        string status = isPart
            ? $"206 Partial Content\r\nContent-Range: bytes {from}-{end - 1}/{_file.Length}"
            : "200 OK";
        string header = $"HTTP/1.1 {status}\r\nContent-Length: {end - from}\r\nETag: {tag}\r\nContent-Type: application/gzip\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(header), _stop.Token);
        int bytes = Math.Min(end - from, _random.Next(_manners.MinBytes, _manners.MaxBytes));
        await stream.WriteAsync(_file.AsMemory(from, bytes), _stop.Token);
        await stream.FlushAsync(_stop.Token);
        if (from + bytes == end || bytes > 0)
        {
            await DrainAsync(stream);
        }
    }

    /// <summary>Waits for the client to receive what was sent before the reset, which would discard it.</summary>
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

    /// <summary>The first requested byte and the one after the last, or null for all.</summary>
    private static (int From, int End)? RangeOf(string request)
    {
        const string Mark = "Range: bytes=";
        int at = request.IndexOf("\r\n" + Mark, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        int start = at + 2 + Mark.Length;
        string[] bounds = request[start..request.IndexOf('\r', start)].Split('-');
        return (int.Parse(bounds[0], CultureInfo.InvariantCulture), bounds[1].Length == 0
            ? int.MaxValue
            : int.Parse(bounds[1], CultureInfo.InvariantCulture) + 1);
    }
}

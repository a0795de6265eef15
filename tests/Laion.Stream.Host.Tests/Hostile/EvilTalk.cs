using System.Net.Sockets;
using System.Text;
using LaionStream.Demo;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>A conversation with one client, controlled by an <see cref="EvilKind"/>.</summary>
/// <param name="socket">Its socket.</param>
/// <param name="stream">Its bytes, decrypted.</param>
/// <param name="id">The request's stream, for HTTP/2.</param>
/// <param name="stop">Cancelled when the server stops.</param>
internal sealed class EvilTalk(Socket socket, Stream stream, int id, CancellationToken stop)
{
    /// <summary>A valid PNG.</summary>
    public static ReadOnlyMemory<byte> Picture => LoopbackFaults.SoundPicture;

    /// <summary>The request's stream, for HTTP/2.</summary>
    public int Id => id;

    /// <summary>Sends text as Latin-1.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, stop);

    /// <summary>Sends a header with status 200 and these fields, each terminated by CRLF, and a body.</summary>
    public async Task AnswerAsync(string fields, ReadOnlyMemory<byte> body)
    {
        await SendAsync($"HTTP/1.1 200 OK\r\n{fields}\r\n");
        await SendAsync(body);
    }

    /// <summary>Sends a header with the right length and the picture.</summary>
    /// <param name="fields">Further fields.</param>
    /// <param name="status">The status line.</param>
    public async Task PictureAsync(string fields = "", string status = "HTTP/1.1 200 OK")
    {
        await SendAsync($"{status}\r\n{fields}Content-Type: image/png\r\nContent-Length: {Picture.Length}\r\n\r\n");
        await SendAsync(Picture);
    }

    /// <summary>Sends the same bytes repeatedly until the client leaves.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="pause">Milliseconds between two sends: a flood must not take the cores from the process under test.</param>
    public async Task FloodAsync(ReadOnlyMemory<byte> bytes, int pause = 2)
    {
        while (true)
        {
            await SendAsync(bytes);
            await Task.Delay(pause, stop);
        }
    }

    /// <summary>Sends the same text repeatedly until the client leaves.</summary>
    public Task FloodAsync(string text, int pause = 2) => FloodAsync(Encoding.Latin1.GetBytes(text), pause);

    /// <summary>Sends bytes one by one.</summary>
    public async Task DripAsync(ReadOnlyMemory<byte> bytes, int pause)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            await SendAsync(bytes.Slice(i, 1));
            await Task.Delay(pause, stop);
        }
    }

    /// <summary>Waits for a number of milliseconds; by default until the server stops.</summary>
    public Task WaitAsync(int milliseconds = Timeout.Infinite) => Task.Delay(milliseconds, stop);

    /// <summary>Ends the conversation by a reset. What was sent arrives first.</summary>
    public async Task ResetAsync()
    {
        await WaitAsync(200); // a reset discards what the client has not read yet
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}

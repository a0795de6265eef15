using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>Reads the lines of a list of input paths, local or remote, compressed or not, within limits: its server may be broken or hostile.</summary>
/// <param name="opener">Opens the list.</param>
/// <param name="clock">Measures its timeouts.</param>
internal sealed class PathListReader(IInputOpener opener, TimeProvider clock)
{
    private const int MaxLineBytes = 16 * 1024;
    private const int ShownCharacters = 60;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the lines that are neither empty nor comments.</summary>
    /// <param name="path">Local path or http(s) URL.</param>
    /// <param name="options">Limits.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="InputException">The list cannot be read, is not a list, or exceeds a limit; the message names it.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(string path, PathListOptions options, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var lines = new List<string>();
        try
        {
            await using Stream text = await OpenAsync(path, either.Token);
            await foreach (string line in LinesAsync(text, options, either.Token)) { lines.Add(line); }
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw Unreadable(path, $"it has not arrived in {options.Timeout:c} (Laion:Input:PathLists:Timeout)", e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw Unreadable(path, e.Message, e);
        }

        return lines.Count > 0 ? lines : throw new InputException($"Laion:Input:Paths: the list '{PublicLocation.Of(path)}' is empty.");
    }

    private static InputException Unreadable(string path, string why, Exception cause) =>
        new($"Laion:Input:Paths: the list '{PublicLocation.Of(path)}' cannot be read: {why}", cause);

    /// <summary>Opens the list by its first bytes, not by its name: servers and proxies may decompress files in transit.</summary>
    private async ValueTask<Stream> OpenAsync(string path, CancellationToken stop)
    {
        Stream raw = await opener.OpenAsync(path, new InputHealth(), stop);
        try
        {
            PeekedStream peeked = await PeekedStream.OpenAsync(raw, InputHead.MagicBytes, stop);
            if (!InputHead.IsGzip(peeked.Head)) { return peeked; }
            raw = peeked;
            PeekedStream text = await PeekedStream.OpenAsync(new GZipStream(peeked, CompressionMode.Decompress), InputHead.MagicBytes, stop);
            return InputHead.IsGzip(text.Head) ? throw new InvalidDataException("it is a gzip file inside a gzip file.") : text;
        }
        catch
        {
            await raw.DisposeAsync();
            throw;
        }
    }

    private static async IAsyncEnumerable<string> LinesAsync(Stream text, PathListOptions options, [EnumeratorCancellation] CancellationToken stop)
    {
        var feed = new ByteWindow<byte>(text.ReadAsync, MaxLineBytes);
        long bytes = 0;
        int count = 0;
        bool more = true;
        while (more || !feed.Window.IsEmpty)
        {
            int end = feed.Window.Span.IndexOf((byte)'\n');
            if (end < 0 && more)
            {
                more = await feed.MoreAsync(stop);
                if (!more && !feed.AtEnd) { throw new InvalidDataException($"line {count + 1} is longer than {MaxLineBytes} bytes."); }
                continue;
            }

            ReadOnlyMemory<byte> line = end < 0 ? feed.Window : feed.Window[..end];
            int taken = end < 0 ? line.Length : end + 1;
            if ((bytes += taken) > options.MaxBytes)
            {
                throw new InvalidDataException(
                    string.Create(CultureInfo.InvariantCulture, $"it is longer than {options.MaxBytes} bytes (Laion:Input:PathLists:MaxBytes)."));
            }

            if (++count > options.MaxLines) { throw new InvalidDataException($"it has more than {options.MaxLines} lines (Laion:Input:PathLists:MaxLines)."); }
            string trimmed = Utf8.GetString(line.Span).Trim().TrimStart('\uFEFF');
            feed.Take(taken);
            if (trimmed.Length == 0 || trimmed[0] == '#') { continue; }
            Check(trimmed, count);
            yield return trimmed;
        }
    }

    /// <summary>Refuses lines that are not paths: binary data, and the error pages (HTML, XML, JSON) that servers send under any name.</summary>
    private static void Check(string line, int number)
    {
        if (line[0] is not ('<' or '{') && !line.Any(char.IsControl)) { return; }
        string shown = new([.. line.Take(ShownCharacters).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)]);
        throw new InvalidDataException($"line {number} is no path: {shown}");
    }
}

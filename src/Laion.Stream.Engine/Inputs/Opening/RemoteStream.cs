using System.Net;
using System.Net.Http.Headers;
using LaionStream.Engine.Handles;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>
/// A sequential stream over a remote file or a part of one. After a broken connection, a silent server or a transient error status, it requests the rest again
/// (<c>Range</c> with <c>If-Range</c>, RFC 9110 sections 13 and 14); its reader sees one continuous stream.
/// </summary>
/// <param name="http">See <see cref="InputOpener"/>.</param>
/// <param name="address">The file.</param>
/// <param name="part">The bytes to read; null for all.</param>
/// <param name="options">Time limits and attempts.</param>
/// <param name="clock">Measures waits and silences.</param>
/// <param name="health">Counts resumptions.</param>
/// <param name="log">Logs when the file is resumed.</param>
internal sealed partial class RemoteStream(
    HttpClient http, Uri address, RemotePart? part, WatOptions options, TimeProvider clock, InputHealth health, ILogger log) : Stream
{
    private const int LeastBytesASecond = 1024; // over RemoteSilence of waiting: a server this slow counts as silent

    private readonly long _start = part?.Start ?? 0;
    private readonly WaitNotice _notice = new(clock, since => Log.Waiting(log, PublicLocation.Of(address), (long)since.TotalSeconds));
    private HttpResponseMessage? _response;
    private Stream? _body;
    private CancellationTokenSource? _silence;
    private CancellationTokenSource? _either;
    private long _position = part?.Start ?? 0;
    private long? _end;
    private RemoteVersion? _version = part?.Version;
    private int _failures;
    private TimeSpan _waited;
    private long _came;
    private int _slowWindows;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>The file's version according to the server; null before the first answer.</summary>
    public RemoteVersion? Version => _version;

    /// <summary>Sends the first request, so that a missing file fails before anything is read.</summary>
    /// <exception cref="IOException">The server refuses or remains unreachable.</exception>
    public async ValueTask OpenAsync(CancellationToken stop)
    {
        while (!await TryConnectAsync(stop))
        {
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position == _end)
        {
            return 0;
        }

        while (true)
        {
            if (_body is null && !await TryConnectAsync(cancellationToken))
            {
                continue;
            }

            if (_position == _end)
            {
                return 0;
            }

            Exception? cause = null;
            try
            {
                int read = await ReadBodyAsync(buffer);
                if (read > 0)
                {
                    _position += read;
                    _failures = 0;
                    return read;
                }

                if (_end is null)
                {
                    _end = _position; // the server sent no length and ended the body normally
                    return 0;
                }
            }
            catch (Exception e) when (IsCut(e, cancellationToken))
            {
                cause = e;
            }

            Disconnect();
            await BackOffAsync(cause, null, cancellationToken);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Remote input is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
            _notice.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer)
    {
        _silence!.CancelAfter(options.RemoteSilence);
        using WaitNotice.Wait wait = _notice.Begin();
        long start = clock.GetTimestamp();
        int read = await _body!.ReadAsync(buffer, _either!.Token);
        _silence.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
        Judge(clock.GetElapsedTime(start), read);
        return read;
    }

    /// <summary>Detects a server that sends too slowly. Only time spent waiting for the server counts: the reader may pause for any time.</summary>
    private void Judge(TimeSpan waited, int read)
    {
        _came += read;
        _waited += waited;
        if (_waited < options.RemoteSilence) { return; }
        bool isSlow = _came < LeastBytesASecond * _waited.TotalSeconds;
        (_waited, _came, _slowWindows) = (TimeSpan.Zero, 0, isSlow ? _slowWindows + 1 : 0);
        if (_slowWindows >= options.RemoteAttempts)
        {
            throw new InputRefusedException($"Cannot read '{PublicLocation.Of(address)}': its server sends less than {LeastBytesASecond} bytes a second.");
        }
    }

    /// <summary>Requests the bytes from the position on; false after a transient failure, once its delay has passed.</summary>
    private async ValueTask<bool> TryConnectAsync(CancellationToken stop)
    {
        TimeSpan? retryAfter = null;
        Exception? cause = null;
        try
        {
            _silence = new CancellationTokenSource(options.RemoteSilence, clock);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, stop);
            using WaitNotice.Wait wait = _notice.Begin();
            HttpResponseMessage response = _response = await SendAsync(_either.Token);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
            {
                await TakeAsync(response);
                return true;
            }

            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && response.Content.Headers.ContentRange?.Length == _position)
            {
                _end = _position; // the connection broke exactly at the end
                return true;
            }

            if (!IsPassing(response.StatusCode))
            {
                throw new InputRefusedException(
                    $"Cannot read '{PublicLocation.Of(address)}': the server answers {(int)response.StatusCode} {response.ReasonPhrase}.");
            }

            cause = new HttpRequestException($"The server answers {(int)response.StatusCode}.");
            retryAfter = response.Headers.RetryAfter?.Delta;
        }
        catch (Exception e) when (IsCut(e, stop))
        {
            cause = e;
        }

        Disconnect();
        await BackOffAsync(cause, retryAfter, stop);
        return false;
    }

    private async ValueTask<HttpResponseMessage> SendAsync(CancellationToken stop)
    {
        Uri target = address;
        for (int hop = 0; hop <= RemoteRedirect.Most; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            AskForTheRest(request.Headers);
            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            try
            {
                if (RemoteRedirect.Target(response, target) is not { } next) { return response; }
                target = next;
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }

        throw new InputRefusedException($"Cannot read '{PublicLocation.Of(address)}': it redirects more than {RemoteRedirect.Most} times.");
    }

    private void AskForTheRest(HttpRequestHeaders headers)
    {
        if (_position == 0 && part is null)
        {
            return;
        }

        headers.Range = new RangeHeaderValue(_position, part?.End - 1);
        if (_version?.Tag is { IsWeak: false } tag)
        {
            headers.IfRange = new RangeConditionHeaderValue(tag);
        }
        else if (_version?.Modified is { } modified)
        {
            headers.IfRange = new RangeConditionHeaderValue(modified);
        }
    }

    private async ValueTask TakeAsync(HttpResponseMessage response)
    {
        bool whole = response.StatusCode == HttpStatusCode.OK;
        long? length = whole ? response.Content.Headers.ContentLength : response.Content.Headers.ContentRange?.Length;
        var version = new RemoteVersion(response.Headers.ETag, response.Content.Headers.LastModified, length);
        if (_version?.IsOther(version) == true || (!whole && response.Content.Headers.ContentRange?.From != _position))
        {
            throw new InputRefusedException($"'{PublicLocation.Of(address)}' changed on the server while it was read.");
        }

        if (part is not null && (whole || length is null))
        {
            throw new InputRefusedException(
                $"'{PublicLocation.Of(address)}' has to be read out of order, and its server does not serve parts of files (Range): download it first.");
        }

        if (health.Known is { } known && version.ChangeSince(known) is { } change) { throw new InputChangedException(address.OriginalString, change); }

        _version ??= version;
        health.Version ??= version;
        _body = await response.Content.ReadAsStreamAsync(_either!.Token);
        if (_position == _start)
        {
            _end = part is null ? length : Math.Min(part.End, length ?? part.End);
            return;
        }

        if (whole)
        {
            await SkipAsync(_position); // a server that does not support Range sends everything again
        }

        health.Resumed++;
        Log.RemoteResumed(log, address.Host, _position);
    }

    private async ValueTask SkipAsync(long bytes)
    {
        byte[] scrap = new byte[81920];
        while (bytes > 0)
        {
            int read = await ReadBodyAsync(scrap.AsMemory(0, (int)Math.Min(bytes, scrap.Length)));
            if (read == 0)
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The body ended before the position at which it broke off before.");
            }

            bytes -= read;
        }
    }

    private async ValueTask BackOffAsync(Exception? cause, TimeSpan? retryAfter, CancellationToken stop)
    {
        if (cause is not null && HandleShortage.IsShortage(cause))
        {
            HandleShortage.Relieve(); // not the server's fault
        }
        else if (++_failures >= options.RemoteAttempts)
        {
            string why = cause is OperationCanceledException ? $"Its server was silent for {options.RemoteSilence:c}." : cause?.Message ?? "";
            throw new InputRefusedException(
                $"Cannot read '{PublicLocation.Of(address)}': no progress at byte {_position} after {_failures} attempts. {why}".TrimEnd(), cause);
        }

        double doubled = options.RemoteBackoff.TotalSeconds * Math.Pow(2, Math.Clamp(_failures - 1, 0, 30));
        TimeSpan wait = TimeSpan.FromSeconds(Math.Min(doubled, options.RemoteBackoffLimit.TotalSeconds));
        if (retryAfter is { } asked && asked > wait)
        {
            wait = asked < options.RemoteBackoffLimit ? asked : options.RemoteBackoffLimit;
        }

        Log.WaitingToResume(log, address.Host, _position, wait.TotalMilliseconds, cause);
        await Task.Delay(wait, clock, stop);
    }

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        _either?.Dispose();
        _silence?.Dispose();
        (_body, _response, _either, _silence) = (null, null, null, null);
    }

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    /// <summary>Whether an exception means a broken connection or silence, as opposed to the caller's stop or our own refusal.</summary>
    private static bool IsCut(Exception e, CancellationToken stop) =>
        !stop.IsCancellationRequested && e is HttpRequestException or IOException or TimeoutException or OperationCanceledException
            && e is not (InputRefusedException or InputChangedException);
}

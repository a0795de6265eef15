using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LaionStream.Text.Urls;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>
/// Pulls sets of files into a models folder. A file appears under its name only when it is complete and has the right digest; an interrupted pull is resumed.
/// </summary>
/// <param name="http">It must neither follow redirects nor decompress.</param>
/// <param name="options">Limits, retries and timeouts.</param>
/// <param name="clock">Measures delays.</param>
/// <param name="say">Receives one line per file.</param>
internal sealed class ModelPuller(HttpClient http, PullOptions options, TimeProvider clock, Action<string> say)
{
    /// <summary>Digits of the digest in a part's name: a file that changed on the server starts over.</summary>
    private const int PartDigits = 16;

    private const int LeastBytesASecond = 1024; // over PullOptions.Silence: a server this slow counts as silent

    private readonly HubClient _hub = new(http);

    /// <summary>Told of each file that is pulled: its size, or 0 when the server does not tell it.</summary>
    public Action<PullFile, long>? Begins { get; init; }

    /// <summary>Told of how many bytes of that file are here.</summary>
    public Action<long>? Arrived { get; init; }

    /// <summary>Pulls every file of a set that does not exist yet.</summary>
    /// <exception cref="PullException">A file cannot be pulled; the files before it are complete.</exception>
    public async Task PullAsync(PullSet set, string folder, CancellationToken abort)
    {
        Uri start = options.Base ?? new Uri(set.Base);
        start = start.AbsoluteUri.EndsWith('/') ? start : new Uri(start.AbsoluteUri + "/");
        foreach (PullFile file in set.Files) { await PullAsync(file, new Uri(start, file.From), Target(folder, file), abort); }
    }

    private async Task PullAsync(PullFile file, Uri address, string target, CancellationToken abort)
    {
        FileDigest? known = file.Sha256 is { } hex ? new FileDigest(hex.ToLowerInvariant()) : null;
        if (known is not null && File.Exists(target) && await known.FitsAsync(target, abort))
        {
            say($"have   {file.To}");
            return;
        }

        HubFile there = await PatientlyAsync(address, async silence => await _hub.LookAsync(address, silence), abort);
        FileDigest digest = known ?? there.Digest
            ?? throw new PullException(
                $"{PublicLocation.Of(address)}: neither the list of models nor the server gives a digest, so that the file could not be checked.");
        if (known is not null && there.Digest is { Hex.Length: 64 } named && named != known)
        {
            throw new PullException(
                $"{PublicLocation.Of(address)}: the server has a file of sha256 {named.Hex} where the list of models names {known.Hex}; it was changed, or is another file.");
        }

        if (file.Bytes is { } wanted && there.Bytes is { } offered && offered != wanted)
        {
            throw new PullException(
                $"{PublicLocation.Of(address)}: the server has a file of {offered} bytes where the list of models names {wanted}; it was changed, or is another file.");
        }

        if (known is null && File.Exists(target) && await digest.FitsAsync(target, abort))
        {
            say($"have   {file.To}");
            return;
        }

        string part = $"{target}.{digest.Hex[..PartDigits]}.part";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Begins?.Invoke(file, file.Bytes ?? there.Bytes ?? 0);
        await FillAsync(address, part, file.Bytes ?? there.Bytes, abort);
        if (!await digest.FitsAsync(part, abort))
        {
            File.Delete(part);
            throw new PullException($"{PublicLocation.Of(address)}: the file received does not have the digest {digest.Hex}; it was deleted. Pull again.");
        }

        File.Move(part, target, overwrite: true);
        say(string.Create(CultureInfo.InvariantCulture,
            $"pulled {file.To} ({new FileInfo(target).Length:N0} bytes, {(digest.Hex.Length == 64 ? "sha256" : "git")} {digest.Hex})"));
    }

    /// <summary>Appends to the part until the server has no more; an attempt that was fast enough resets their number.</summary>
    private async Task FillAsync(Uri address, string part, long? bytes, CancellationToken abort)
    {
        await using var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        if (bytes is { } size && file.Length > size) { file.SetLength(0); }

        int failures = 0;
        while (bytes is null || file.Length < bytes)
        {
            long before = file.Length;
            long start = clock.GetTimestamp();
            try
            {
                if (await AppendAsync(address, file, bytes, abort)) { break; }

                throw new HttpIOException(HttpRequestError.ResponseEnded, "the body ended early");
            }
            catch (Exception e) when (IsPassing(e, abort))
            {
                bool hasProgress = file.Length > before && !IsSlow(file.Length - before, clock.GetElapsedTime(start));
                failures = hasProgress ? 1 : failures + 1;
                await WaitAsync(address, failures, e, abort);
            }
        }

        file.Flush(flushToDisk: true);
    }

    /// <summary>Makes one request; true when the file is complete as far as the server's answers tell.</summary>
    private async Task<bool> AppendAsync(Uri address, FileStream file, long? bytes, CancellationToken abort)
    {
        using var silence = new CancellationTokenSource(options.Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, abort);
        using HttpResponseMessage response = await _hub.GetAsync(address, file.Length, either.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && response.Content.Headers.ContentRange?.Length == file.Length) { return true; }

        // A server without Range, or one that answers with another offset, starts over.
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Length;
        if (!goesOn) { file.SetLength(0); }

        file.Position = file.Length;
        if (!goesOn && response.StatusCode != HttpStatusCode.OK) { return false; }

        long? whole = bytes ?? response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength;
        await using Stream body = await response.Content.ReadAsStreamAsync(either.Token);
        if (whole > options.MaxBytes && bytes is null)
        {
            throw new PullException($"{PublicLocation.Of(address)}: the server announces {whole} bytes, and at most {options.MaxBytes} are accepted.");
        }

        var buffer = new byte[1 << 16];
        (long start, long came) = (clock.GetTimestamp(), 0);
        for (int read; (read = await body.ReadAsync(buffer, either.Token)) > 0;)
        {
            came += read;
            TimeSpan took = clock.GetElapsedTime(start);
            if (took >= options.Silence)
            {
                if (IsSlow(came, took)) { throw new HttpIOException(HttpRequestError.Unknown, $"less than {LeastBytesASecond} bytes a second"); }
                (start, came) = (clock.GetTimestamp(), 0);
            }

            // Checked before it is written: an endless body must not fill the disk.
            if (file.Length + read > (whole ?? options.MaxBytes))
            {
                throw new PullException(
                    $"{PublicLocation.Of(address)}: the server sends more than {whole ?? options.MaxBytes} bytes, which is the most the file may have.");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), abort);
            Arrived?.Invoke(file.Length);
            silence.CancelAfter(options.Silence);
        }

        await file.FlushAsync(abort);
        return whole is null || file.Length >= whole;
    }

    private static bool IsSlow(long bytes, TimeSpan took) => bytes < LeastBytesASecond * took.TotalSeconds;

    private async Task<T> PatientlyAsync<T>(Uri address, Func<CancellationToken, Task<T>> ask, CancellationToken abort)
    {
        for (int failures = 1; ; failures++)
        {
            using var silence = new CancellationTokenSource(options.Silence, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, abort);
            try
            {
                return await ask(either.Token);
            }
            catch (Exception e) when (IsPassing(e, abort))
            {
                await WaitAsync(address, failures, e, abort);
            }
        }
    }

    private async Task WaitAsync(Uri address, int failures, Exception cause, CancellationToken abort)
    {
        string why = cause is OperationCanceledException ? $"silent for {options.Silence}" : cause.Message;
        if (failures >= options.Attempts)
        {
            throw new PullException($"{PublicLocation.Of(address)}: gave up after {failures} attempts without progress: {why}. Pull again to resume.", cause);
        }

        say($"retry  {PublicLocation.Of(address)}: {why}");
        await Task.Delay(options.Backoff * Math.Pow(2, failures - 1), clock, abort);
    }

    /// <summary>Whether the connection or the server failed, not our disk or our caller.</summary>
    private static bool IsPassing(Exception e, CancellationToken abort) =>
        !abort.IsCancellationRequested
            && e is HttpRequestException or HttpIOException or IOException { InnerException: SocketException } or OperationCanceledException;

    private static string Target(string folder, PullFile file)
    {
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        string target = Path.GetFullPath(Path.Combine(root, file.To));
        return target.StartsWith(root, StringComparison.Ordinal)
            ? target
            : throw new PullException($"The list of models puts {file.To} outside the models folder.");
    }
}

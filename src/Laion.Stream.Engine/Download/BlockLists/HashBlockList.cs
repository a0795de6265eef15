using System.Buffers;
using System.Text;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download.Settings;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download.BlockLists;

/// <summary>The block lists of the download module: digests of bytes and of URLs, read again when a file changes.</summary>
internal sealed partial class HashBlockList : IDisposable
{
    private readonly BlockListOptions _options;
    private readonly ILogger _log;
    private readonly ITimer? _timer;
    private volatile DigestLists _bytes = DigestLists.Empty;
    private volatile DigestLists _urls = DigestLists.Empty;
    private string _seen;
    private int _refreshing;

    /// <summary>Reads the files.</summary>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    public HashBlockList(BlockListOptions options, TimeProvider clock, ILogger log)
    {
        _options = options;
        _log = log;
        _seen = Stamp();
        Load();
        if (options.Bytes.Length + options.Urls.Length > 0)
        {
            _timer = clock.CreateTimer(static list => ((HashBlockList)list!).Refresh(), this, options.Reload, options.Reload);
        }
    }

    /// <summary>Number of digests.</summary>
    public int Count => _bytes.Count + _urls.Count;

    /// <summary>Whether the bytes of a picture are listed.</summary>
    public bool BlocksBytes(BodyDigests bytes) => _bytes is { Count: > 0 } lists && lists.Contains(bytes);

    /// <summary>Whether a URL is listed.</summary>
    public bool BlocksUrl(string url)
    {
        if (_urls is not { Count: > 0 } lists) { return false; }
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(url.Length));
        try
        {
            return lists.Contains(new BodyDigests(utf8.AsMemory(0, Encoding.UTF8.GetBytes(url, utf8))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    // The old lists are used until the new ones are read and sorted, so that no row waits for the reading.
    private void Refresh()
    {
        if (Interlocked.Exchange(ref _refreshing, 1) == 1) { return; } // reading long lists may take longer than the time between two checks
        try
        {
            string stamp = Stamp();
            if (stamp == _seen) { return; }
            Load();
            _seen = stamp;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotReadable(_log, e); // the file is being replaced: the old list is used until the next check
        }
        finally
        {
            Volatile.Write(ref _refreshing, 0);
        }
    }

    private void Load()
    {
        _bytes = Read(_options.Bytes);
        _urls = Read(_options.Urls);
        if (Count > 0) { Log.Loaded(_log, _bytes.Count, _urls.Count); }
    }

    private DigestLists Read(string[] files)
    {
        DigestLists lists = DigestLists.Parse(files.SelectMany(File.ReadLines), files.Sum(file => new FileInfo(file).Length));
        if (lists.Malformed > 0) { Log.Malformed(_log, lists.Malformed); }
        return lists;
    }

    private string Stamp() => string.Join('|', _options.Bytes.Concat(_options.Urls).Select(file =>
    {
        var info = new FileInfo(file);
        return $"{info.LastWriteTimeUtc.Ticks}:{(info.Exists ? info.Length : -1)}";
    }));
}

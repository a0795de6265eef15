using LaionStream.Text.Unicode;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Candidates;

/// <summary>A file of domains, one per line, read again when it changes; a listed domain includes all its subdomains.</summary>
/// <remarks>
/// Lines are domains in any spelling. A leading <c>*.</c> or dot and everything from <c>#</c> on are ignored, and so are lines without a host.
/// </remarks>
internal sealed class DomainBlockList
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private volatile HashSet<string> _domains; // never changed once it is published
    private (DateTime Written, long Length) _version;
    private long _checkedAt;
    private int _checking;

    /// <summary>Reads the list.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Limits checks of the file to one in two seconds.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public DomainBlockList(string path, TimeProvider clock)
    {
        _path = path;
        _clock = clock;
        _checkedAt = clock.GetTimestamp();
        _version = Version();
        _domains = Read();
    }

    /// <summary>How often the changed file could not be read; the list then stays as it was.</summary>
    public int FailedReloads { get; private set; }

    /// <summary>Whether a host, or a domain above it, is listed.</summary>
    /// <param name="host">As WHATWG serialises it.</param>
    public bool Contains(ReadOnlySpan<char> host)
    {
        RefreshIfDue();
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> domains = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
        host = host.TrimEnd('.');
        while (!domains.Contains(host))
        {
            int dot = host.IndexOf('.');
            if (dot < 0)
            {
                return false;
            }

            host = host[(dot + 1)..];
        }

        return true;
    }

    /// <summary>One caller checks the file when the check is due; the others use the current list.</summary>
    private void RefreshIfDue()
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _checkedAt)) < CheckEvery || Interlocked.Exchange(ref _checking, 1) != 0)
        {
            return;
        }

        try
        {
            Volatile.Write(ref _checkedAt, _clock.GetTimestamp());
            (DateTime, long) version = Version();
            if (version != _version)
            {
                _domains = Read();
                _version = version;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            FailedReloads++; // an editor may be replacing the file just now: the next check tries again
        }
        finally
        {
            Volatile.Write(ref _checking, 0);
        }
    }

    private (DateTime Written, long Length) Version()
    {
        var file = new FileInfo(_path);
        return (file.LastWriteTimeUtc, file.Length);
    }

    private HashSet<string> Read()
    {
        var domains = new HashSet<string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(_path))
        {
            if (Canonical(line) is { } domain)
            {
                domains.Add(domain);
            }
        }

        return domains;
    }

    private static string? Canonical(ReadOnlySpan<char> line)
    {
        int comment = line.IndexOf('#');
        ReadOnlySpan<char> text = (comment < 0 ? line : line[..comment]).Trim().TrimStart("*.").TrimEnd('.');
        var buffer = new UrlBuffer(stackalloc char[256]);
        try
        {
            return !text.IsEmpty && HostParser.TryAppend(text, ref buffer) ? buffer.Written.ToString() : null;
        }
        finally
        {
            buffer.Dispose();
        }
    }
}

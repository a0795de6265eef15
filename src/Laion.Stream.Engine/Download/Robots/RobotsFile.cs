using System.Buffers;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Robots;

/// <summary>
/// A parsed robots.txt by RFC 9309, with the leniency of Google's parser: a missing colon and common misspellings are accepted,
/// and allowing <c>index.html</c> allows its folder too.
/// </summary>
internal sealed class RobotsFile
{
    /// <summary>Number of bytes of a file that are read; the rest is ignored (RFC 9309 2.5).</summary>
    public const int MaxBytes = 500 * 1024;

    private readonly Dictionary<string, RobotsGroup> _groups;

    internal RobotsFile(Dictionary<string, RobotsGroup> groups) => _groups = groups;

    /// <summary>Approximate size of the rules in memory, in bytes.</summary>
    public long Weight => _groups.Sum(group => group.Key.Length + group.Value.Weight);

    /// <summary>Why the file could not be fetched, which forbids everything for the time being; the default if it was fetched.</summary>
    public DropOutcome Unreachable { get; private init; }

    /// <summary>Whether the file could not be fetched.</summary>
    public bool IsUnreachable => Unreachable.Reason != DropReason.None;

    /// <summary>A file that forbids nothing.</summary>
    public static RobotsFile AllowAll { get; } = new([]);

    /// <summary>A file that forbids everything.</summary>
    public static RobotsFile DenyAll { get; } = Parse("User-agent: *\nDisallow: /\n"u8);

    /// <summary>Parses a file. Any bytes are accepted.</summary>
    /// <param name="body">UTF-8, with or without a byte order mark, or UTF-16 with one; bytes beyond <see cref="MaxBytes"/> are ignored.</param>
    public static RobotsFile Parse(ReadOnlySpan<byte> body) => RobotsParser.Parse(body[..Math.Min(body.Length, MaxBytes)]);

    /// <summary>The rules that follow from a fetch's result.</summary>
    public static RobotsFile From(RobotsFetchResult result) => result.Outcome switch
    {
        RobotsOutcome.Parse => Parse(result.Body.Span),
        RobotsOutcome.Deny => new RobotsFile(DenyAll._groups) { Unreachable = result.Unreachable },
        _ => AllowAll,
    };

    /// <summary>Whether an agent may fetch a URL.</summary>
    public bool IsAllowed(string agent, WebUrl url) => IsAllowed(agent, url.PathAndQuery);

    /// <summary>Whether an agent may fetch a path.</summary>
    /// <param name="agent">The agent's product token, in any case; <c>Name/1.0 (…)</c> counts as <c>Name</c>.</param>
    /// <param name="pathAndQuery">Path with query; empty means <c>/</c>.</param>
    public bool IsAllowed(string agent, ReadOnlySpan<char> pathAndQuery)
    {
        if (GroupOf(agent) is not { } group)
        {
            return true;
        }

        int fragment = pathAndQuery.IndexOf('#');
        pathAndQuery = fragment < 0 ? pathAndQuery : pathAndQuery[..fragment];
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(pathAndQuery.Length) + 1);
        byte[] normalised = ArrayPool<byte>.Shared.Rent(RobotsPath.MaxLength(utf8.Length));
        try
        {
            utf8[0] = (byte)'/';
            int start = pathAndQuery.StartsWith("/", StringComparison.Ordinal) ? 0 : 1;
            int end = start + Encoding.UTF8.GetBytes(pathAndQuery, utf8.AsSpan(start));
            ReadOnlySpan<byte> path = normalised.AsSpan(0, RobotsPath.Normalise(utf8.AsSpan(0, end), isPattern: false, normalised));
            return path.SequenceEqual("/robots.txt"u8) || group.IsAllowed(path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
            ArrayPool<byte>.Shared.Return(normalised);
        }
    }

    private RobotsGroup? GroupOf(ReadOnlySpan<char> agent)
    {
        int end = agent.IndexOfAny(" \t/");
        Dictionary<string, RobotsGroup>.AlternateLookup<ReadOnlySpan<char>> byToken = _groups.GetAlternateLookup<ReadOnlySpan<char>>();
        return byToken.TryGetValue(end < 0 ? agent : agent[..end], out RobotsGroup? group) || byToken.TryGetValue("*", out group) ? group : null;
    }
}

using System.Buffers;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Policies;

/// <summary>
/// A parsed robots.txt by RFC 9309, with the leniency of Google's parser: a missing colon and common misspellings are accepted,
/// and allowing <c>index.html</c> allows its folder too.
/// </summary>
internal sealed class RobotsFile : IPolicyFile
{
    /// <summary>Number of bytes of a file that are read; the rest is ignored (RFC 9309 2.5).</summary>
    public const int MaxBytes = 500 * 1024;

    private readonly Dictionary<string, RobotsGroup> _groups;

    internal RobotsFile(Dictionary<string, RobotsGroup> groups) => _groups = groups;

    /// <inheritdoc/>
    public long Weight => _groups.Sum(group => group.Key.Length + group.Value.Weight);

    /// <inheritdoc/>
    public DropOutcome Unreachable { get; private init; }

    /// <summary>A file that forbids nothing.</summary>
    public static RobotsFile AllowAll { get; } = new([]);

    /// <summary>A file that forbids everything.</summary>
    public static RobotsFile DenyAll { get; } = Parse("User-agent: *\nDisallow: /\n"u8);

    /// <summary>Parses a file. Any bytes are accepted.</summary>
    /// <param name="body">UTF-8, with or without a byte order mark, or UTF-16 with one; bytes beyond <see cref="MaxBytes"/> are ignored.</param>
    public static RobotsFile Parse(ReadOnlySpan<byte> body) => RobotsParser.Parse(body[..Math.Min(body.Length, MaxBytes)]);

    /// <summary>The rules that follow from a fetch's result.</summary>
    public static RobotsFile From(PolicyFetchResult result) => result.Outcome switch
    {
        PolicyOutcome.Parse => Parse(result.Body.Span),
        PolicyOutcome.Deny => new RobotsFile(DenyAll._groups) { Unreachable = result.Unreachable },
        _ => AllowAll,
    };

    /// <summary>Whether an agent may fetch a URL.</summary>
    public bool IsAllowed(string agent, WebUrl url) => IsAllowed(agent, url.PathAndQuery);

    /// <summary>Whether an agent may fetch a path.</summary>
    /// <param name="agent">The agent's product token, in any case; <c>Name/1.0 (…)</c> counts as <c>Name</c>.</param>
    /// <param name="pathAndQuery">Path with query; empty means <c>/</c>.</param>
    public bool IsAllowed(string agent, ReadOnlySpan<char> pathAndQuery)
    {
        return !Objections(agent, pathAndQuery).Has(OptOutSignal.RobotsDisallow);
    }

    /// <summary>What the file objects to: to the fetch, or to training with what lies there.</summary>
    /// <param name="agent">As for <see cref="IsAllowed(string, ReadOnlySpan{char})"/>.</param>
    /// <param name="pathAndQuery">Path with query; empty means <c>/</c>.</param>
    public OptOutFindings Objections(string agent, ReadOnlySpan<char> pathAndQuery)
    {
        if (GroupOf(agent) is not { } group) { return default; }

        byte[] normalised = ArrayPool<byte>.Shared.Rent(RobotsPath.MaxLength(Encoding.UTF8.GetMaxByteCount(pathAndQuery.Length) + 1));
        try
        {
            ReadOnlySpan<byte> path = normalised.AsSpan(0, RobotsPath.NormalisePath(pathAndQuery, normalised));
            return path.SequenceEqual("/robots.txt"u8) ? default : default(OptOutFindings)
                .With(OptOutSignal.RobotsDisallow, !group.IsAllowed(path))
                .With(OptOutSignal.RobotsContentUsage, group.Usage(path) == UsagePreference.Disallowed)
                .With(OptOutSignal.RobotsContentSignal, group.Signal(path) == UsagePreference.Disallowed);
        }
        finally
        {
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

namespace LaionStream.Engine.Download.Policies;

/// <summary>One Allow or Disallow line, prepared for matching.</summary>
internal sealed class RobotsRule
{
    private readonly byte[] _pattern;
    private readonly bool _anchored;
    private readonly bool _wild;

    /// <summary>Creates a rule from a pattern.</summary>
    /// <param name="allow">Whether the line says Allow.</param>
    /// <param name="pattern">The line's value as in the file; every path matches the empty one.</param>
    public RobotsRule(bool allow, ReadOnlySpan<byte> pattern)
    {
        IsAllow = allow;
        byte[] normalised = new byte[RobotsPath.MaxLength(pattern.Length)];
        int length = RobotsPath.Normalise(pattern, isPattern: true, normalised);
        Length = length;
        _anchored = length > 0 && normalised[length - 1] == '$';
        _pattern = normalised[..(_anchored ? length - 1 : length)];
        _wild = _pattern.AsSpan().Contains((byte)'*');
    }

    /// <summary>Whether the rule allows; otherwise it forbids.</summary>
    public bool IsAllow { get; }

    /// <summary>Octets of the normalised pattern: the longest match decides.</summary>
    public int Length { get; }

    /// <summary>Whether a normalised path matches.</summary>
    public bool Matches(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> pattern = _pattern;
        if (!_wild)
        {
            return _anchored ? path.SequenceEqual(pattern) : path.StartsWith(pattern);
        }

        int star = pattern.IndexOf((byte)'*');
        if (!path.StartsWith(pattern[..star]))
        {
            return false;
        }

        path = path[star..];
        pattern = pattern[(star + 1)..];

        // Matching each piece between stars at its first occurrence leaves the longest rest for the next, so no backtracking is needed.
        while ((star = pattern.IndexOf((byte)'*')) >= 0)
        {
            int at = path.IndexOf(pattern[..star]);
            if (at < 0)
            {
                return false;
            }

            path = path[(at + star)..];
            pattern = pattern[(star + 1)..];
        }

        return _anchored ? path.EndsWith(pattern) : path.IndexOf(pattern) >= 0;
    }
}

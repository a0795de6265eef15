namespace LaionStream.Engine.Download.Robots;

/// <summary>One Allow or Disallow line, made ready to match.</summary>
internal sealed class RobotsRule
{
    private readonly byte[] _pattern;
    private readonly bool _anchored;
    private readonly bool _wild;

    /// <summary>Makes a rule of a pattern.</summary>
    /// <param name="allow">Whether the line says Allow.</param>
    /// <param name="pattern">The line's value, as its bytes stand in the file, not empty.</param>
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

    /// <summary>Whether the rule allows, else it forbids.</summary>
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

        // Taking each piece between stars where it first occurs leaves the most room for the next, so nothing needs to be tried twice.
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

namespace LaionStream.Host.Configuration;

/// <summary>Configuration or usage errors; all at once, each naming its key.</summary>
internal sealed class UsageException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One line per error.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

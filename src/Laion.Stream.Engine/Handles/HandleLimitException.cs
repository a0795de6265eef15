namespace LaionStream.Engine.Handles;

/// <summary>The process may open too few handles for any run; the message states how many are needed.</summary>
public sealed class HandleLimitException : Exception
{
    private HandleLimitException(string message) : base(message)
    {
    }

    /// <summary>States how many handles there are and how many are needed.</summary>
    /// <param name="limit">Maximum number of open handles.</param>
    /// <param name="least">Minimum number that a run needs.</param>
    public static HandleLimitException For(int limit, int least) => new(
        $"This process may open {limit} files and sockets (ulimit -Hn, RLIMIT_NOFILE); a run needs at least {least}. Raise the hard limit.");
}

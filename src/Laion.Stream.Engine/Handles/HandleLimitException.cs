namespace LaionStream.Engine.Handles;

/// <summary>The process may open too few handles for any run; the message says how many it takes.</summary>
public sealed class HandleLimitException : Exception
{
    private HandleLimitException(string message) : base(message)
    {
    }

    /// <summary>Says how many handles there are and how many it takes.</summary>
    /// <param name="limit">The most that may be open.</param>
    /// <param name="least">The least that a run needs.</param>
    public static HandleLimitException For(int limit, int least) => new(
        $"This process may open {limit} files and sockets (ulimit -Hn, RLIMIT_NOFILE); a run needs at least {least}. Raise the hard limit.");
}

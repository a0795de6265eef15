namespace LaionStream.Engine.Download.Network;

/// <summary>A time in which nothing was reached. Written under the watch's lock.</summary>
/// <param name="since">When it began, as the clock's timestamp.</param>
internal sealed class NetworkDoubt(long since)
{
    /// <summary>When it began, as the clock's timestamp.</summary>
    public long Since { get; } = since;

    /// <summary>Whether the network counts as down.</summary>
    public bool IsDown { get; set; }

    /// <summary>Once it has ended, whether rows that failed in it are to be fetched again.</summary>
    public bool? Again { get; set; }

    /// <summary>Rows that wait for its end; each completes with <see cref="Again"/>.</summary>
    public List<TaskCompletionSource<bool>> Rows { get; } = [];
}

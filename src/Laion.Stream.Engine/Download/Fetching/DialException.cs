using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Carries the reason of a refused connection through the HTTP handler to the fetcher, which turns it into an outcome.</summary>
internal sealed class DialException(DropReason reason, Exception? inner = null) : IOException(reason.Name(), inner)
{
    /// <summary>The outcome of the row.</summary>
    public DropReason Reason { get; } = reason;
}

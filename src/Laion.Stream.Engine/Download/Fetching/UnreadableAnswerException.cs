using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>The host sent something that cannot be read as a response: no HTTP, or a header beyond the limit.</summary>
/// <param name="reason">The outcome of the row.</param>
internal sealed class UnreadableAnswerException(DropReason reason) : IOException($"The answer cannot be read: {reason.Name()}.")
{
    /// <summary>The outcome of the row.</summary>
    public DropReason Reason { get; } = reason;
}

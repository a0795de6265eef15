namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>A child ended instead of answering.</summary>
/// <param name="end">How.</param>
internal sealed class ChildDiedException(ChildEnd end) : Exception($"The decoder's process ended: {end}.")
{
    /// <summary>How it ended.</summary>
    public ChildEnd End { get; } = end;
}

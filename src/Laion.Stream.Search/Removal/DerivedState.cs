namespace LaionStream.Search.Removal;

/// <summary>How a removal from what was made of an output ended.</summary>
public enum DerivedState
{
    /// <summary>It has none of the rows any more.</summary>
    Done,

    /// <summary>It is not where it was written: deleted, moved, or never finished.</summary>
    Away,

    /// <summary>The rows may still be in it.</summary>
    Failed,
}

namespace LaionStream.Engine.Output;

/// <summary>Something with an open part file.</summary>
internal interface IPartWriter
{
    /// <summary>Commits the open file, if there is one.</summary>
    ValueTask CompleteAsync();

    /// <summary>Deletes the open file, if there is one: its rows have no outcome and will be done again.</summary>
    ValueTask AbandonAsync();
}

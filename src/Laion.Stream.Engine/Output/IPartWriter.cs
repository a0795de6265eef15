namespace LaionStream.Engine.Output;

/// <summary>Something with an open part.</summary>
internal interface IPartWriter
{
    /// <summary>Commits the open part, if there is one.</summary>
    ValueTask CompleteAsync();

    /// <summary>Deletes the files of the open part, if there is one: its rows have no outcome and are done again.</summary>
    ValueTask AbandonAsync();
}

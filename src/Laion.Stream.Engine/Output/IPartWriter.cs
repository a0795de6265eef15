namespace LaionStream.Engine.Output;

/// <summary>Something with an open part.</summary>
internal interface IPartWriter
{
    /// <summary>The output set.</summary>
    string Set { get; }

    /// <summary>Rows of the open part, and the time since it was opened; zeros when there is none. Read at any time.</summary>
    (long Rows, TimeSpan Age) Open { get; }

    /// <summary>Commits the open part, if there is one.</summary>
    ValueTask CompleteAsync();

    /// <summary>Deletes the files of the open part, if there is one: its rows have no outcome and are done again.</summary>
    ValueTask AbandonAsync();
}

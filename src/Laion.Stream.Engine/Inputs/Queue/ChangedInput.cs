namespace LaionStream.Engine.Inputs.Queue;

/// <summary>What a run does with an input file that differs from what its output has read of it.</summary>
public enum ChangedInput
{
    /// <summary>Ends before anything is read, and reports what changed.</summary>
    Refuse,

    /// <summary>Reads it from its beginning as a new input; the rows of the old one stay, and pairs that are in it already are duplicates.</summary>
    Again,

    /// <summary>Treats it as the same file: its rows are identified by their position.</summary>
    Same,
}

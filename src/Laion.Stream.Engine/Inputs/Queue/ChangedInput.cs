namespace LaionStream.Engine.Inputs.Queue;

/// <summary>What a run does with an input file that is not what its output has read of it.</summary>
public enum ChangedInput
{
    /// <summary>Ends before anything is read, and says what changed.</summary>
    Refuse,

    /// <summary>Reads it from its beginning as a new input; what stands of the old one stays, and pairs that are in it already are duplicates.</summary>
    Again,

    /// <summary>Takes it for the same file: its rows are known by their place.</summary>
    Same,
}

namespace LaionStream.Dataset.Summary;

/// <summary>Values of <see cref="RunRecord.State"/>.</summary>
public static class RunStates
{
    /// <summary>It is in progress, or was ended by force.</summary>
    public const string Running = "running";

    /// <summary>All inputs were read to their end.</summary>
    public const string Done = "done";

    /// <summary>It was stopped and has drained.</summary>
    public const string Stopped = "stopped";

    /// <summary>It ended, and an input could not be read.</summary>
    public const string InputsMissing = "inputs_missing";

    /// <summary>It was aborted from outside.</summary>
    public const string Aborted = "aborted";

    /// <summary>A fault ended it.</summary>
    public const string Failed = "failed";
}

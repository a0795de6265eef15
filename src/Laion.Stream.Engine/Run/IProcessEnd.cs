namespace LaionStream.Engine.Run;

/// <summary>Ends the process when its run cannot end: a stage's call that never returns cannot be stopped from outside.</summary>
public interface IProcessEnd
{
    /// <summary>Whether the operator signalled again after the abort: then there is no grace period.</summary>
    bool IsUrgent { get; }

    /// <summary>Flushes the logs for at most a few seconds and ends the process with exit code 1. Does not return, whatever the other threads do.</summary>
    /// <param name="why">The reason, for the operator.</param>
    void Now(string why);
}

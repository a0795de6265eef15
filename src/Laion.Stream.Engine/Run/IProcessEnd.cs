namespace LaionStream.Engine.Run;

/// <summary>Ends the process when its run cannot end any more: a stage's call that never returns cannot be stopped from outside.</summary>
public interface IProcessEnd
{
    /// <summary>Whether the operator has asked again after the abort: no grace is given then.</summary>
    bool IsUrgent { get; }

    /// <summary>Flushes the logs for a few seconds at most and ends the process with exit code 1. Does not return, whatever the other threads do.</summary>
    /// <param name="why">For the operator.</param>
    void Now(string why);
}

using LaionStream.Engine.Ledger.State;

namespace LaionStream.Host.Verbs;

/// <summary>Reports to readers of an output that a process is writing to it.</summary>
internal static class RunningOutput
{
    /// <summary>The sentence, or null when no process writes there.</summary>
    /// <param name="folder">An output folder, or anything else.</param>
    public static string? Of(string folder) =>
        OutputLock.HolderOf(RunState.StateFolder(folder)) is { } holder ? $"'{folder}' is being written by a run in progress ({holder})." : null;
}

using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Tells the output of a run from a folder that was made of outputs, by <c>merge</c> or <c>subset</c>: both have a manifest.</summary>
internal static class RunFolder
{
    /// <summary>
    /// Whether a run wrote the folder: beside the manifest it has the run's settings, its list of inputs, or its ledger. One of them is enough, so that an
    /// output that lost another is still one: its rows are accounted for, and what is made of outputs has no accounts.
    /// </summary>
    /// <param name="folder">The folder; it need not exist.</param>
    public static bool IsOne(string folder)
    {
        string state = RunState.StateFolder(folder);
        return File.Exists(Path.Combine(state, "manifest.jsonl"))
            && (File.Exists(Path.Combine(state, "run.json")) || File.Exists(Path.Combine(state, "inputs.txt")) || LedgerFile.LastSegment(state) > 0);
    }
}

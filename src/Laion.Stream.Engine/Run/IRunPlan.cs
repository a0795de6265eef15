using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Run;

/// <summary>What a kind of run needs before it opens its output. The constructor refuses settings that cannot be run, while the output is untouched.</summary>
internal interface IRunPlan
{
    /// <summary>The settings that shape its rows.</summary>
    RunFingerprint Fingerprint { get; }

    /// <summary>Input files that it may read concurrently.</summary>
    int Inputs { get; }

    /// <summary>Whether a list without captions is refused.</summary>
    bool CaptionRequired { get; }
}

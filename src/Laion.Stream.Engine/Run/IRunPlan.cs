using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Run;

/// <summary>What a kind of run needs before it opens its output. Making it refuses what cannot be run, while the output is untouched.</summary>
internal interface IRunPlan
{
    /// <summary>What shapes its rows.</summary>
    RunFingerprint Fingerprint { get; }

    /// <summary>Input files that it may read at the same time.</summary>
    int Inputs { get; }

    /// <summary>Whether a list without captions cannot serve.</summary>
    bool CaptionRequired { get; }
}

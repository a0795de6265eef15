using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>The plan of a run that only writes candidates, before its output is opened: it needs handles for its inputs, and no models.</summary>
internal sealed class CandidatePlan(
    IOptions<InputOptions> input,
    IOptions<CandidateOptions> candidates,
    OptOutPolicy optOuts,
    IOptions<ImagingOptions> imaging,
    IOptions<WritingOptions> writing,
    ILogger<ExtractRun> log) : IRunPlan
{
    /// <inheritdoc/>
    public RunFingerprint Fingerprint { get; } = RunFingerprints.OfCandidates(input.Value, candidates.Value, optOuts, imaging.Value, writing.Value);

    /// <inheritdoc/>
    public int Inputs { get; } = RunHandles.PlanInputs(RunFiles.Parallel(input.Value), log);

    /// <inheritdoc/>
    public bool CaptionRequired => false;
}

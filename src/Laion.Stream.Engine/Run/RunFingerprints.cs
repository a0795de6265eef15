using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Run;

/// <summary>Combines the fingerprint of a run from the entries of each module. Pure.</summary>
internal static class RunFingerprints
{
    /// <summary>The fingerprint of candidates: only the rules by which links become candidates, and which files are written.</summary>
    /// <param name="input">Which columns of lists are used.</param>
    /// <param name="candidates">Which links become candidates.</param>
    /// <param name="optOuts">Which pages' objections are obeyed.</param>
    /// <param name="imaging">Which extensions its switches open; null for the defaults.</param>
    /// <param name="writing">Which files are written; null for the defaults.</param>
    public static RunFingerprint OfCandidates(
        InputOptions input, CandidateOptions candidates, OptOutPolicy optOuts, ImagingOptions? imaging = null, WritingOptions? writing = null) =>
        new(
        [
            Kind("candidates"),
            .. InputFingerprint.Of(input),
            .. CandidateFingerprint.Of(candidates, optOuts),
            .. ImagingFingerprint.OfCandidates(imaging ?? new(), UrlRules.BlockedBy(candidates)),
            WritingFingerprint.OfDrops(writing ?? new()),
        ]);

    /// <summary>The fingerprint of a dataset: rules, limits, thresholds, switches and models.</summary>
    /// <param name="input">Which columns of lists are used.</param>
    /// <param name="candidates">Which links become candidates.</param>
    /// <param name="download">Which downloads are accepted.</param>
    /// <param name="imaging">Which pictures are accepted.</param>
    /// <param name="filtering">Which rows are kept.</param>
    /// <param name="writing">Which files are written.</param>
    /// <param name="optOuts">Which opt-outs are obeyed.</param>
    /// <param name="cookies">Whether cookies are sent back.</param>
    /// <param name="models">Hex sha256 of each model file, by its role.</param>
    /// <param name="precision">What of them was converted to half precision.</param>
    public static RunFingerprint OfDataset(
        InputOptions input,
        CandidateOptions candidates,
        DownloadOptions download,
        ImagingOptions imaging,
        FilterOptions filtering,
        WritingOptions writing,
        OptOutPolicy optOuts,
        CookieSwitch cookies,
        IReadOnlyDictionary<string, string> models,
        string precision = RunModels.AsIs) =>
        new(
        [
            Kind("dataset"),
            .. InputFingerprint.Of(input),
            .. CandidateFingerprint.Of(candidates, optOuts),
            .. DownloadFingerprint.Of(download, optOuts, cookies),
            .. ImagingFingerprint.Of(imaging),
            .. FilterFingerprint.Of(filtering),
            .. WritingFingerprint.Of(writing),
            new FingerprintEntry("Inference:Precision", precision, RunModels.AsIs),
            .. models.Select(model => new FingerprintEntry($"Models:{model.Key}", model.Value, FingerprintEntry.None)),
        ]);

    private static FingerprintEntry Kind(string kind) => new("Kind", kind, FingerprintEntry.None);
}

using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Candidates;

/// <summary>The settings of <see cref="CandidateOptions"/> that shape the rows.</summary>
internal static class CandidateFingerprint
{
    /// <summary>Lists them.</summary>
    /// <param name="options">The rules.</param>
    /// <param name="optOuts">Which statements of pages are obeyed.</param>
    public static IReadOnlyList<FingerprintEntry> Of(CandidateOptions options, OptOutPolicy optOuts) =>
    [
        FingerprintEntry.Of("Candidates:Rules", options.Rules, CandidateRuleSet.Default),
        FingerprintEntry.Of("Candidates:BlockedExtensions", Blocked(options.BlockedExtensions), ""),
        FingerprintEntry.Of("Candidates:BlockedDomainsFile", options.BlockedDomainsFile, null),
        FingerprintEntry.Of("Candidates:MinCaption", options.MinCaption, 5),
        FingerprintEntry.Of("Candidates:MaxCaption", options.MaxCaption, 2000),
        FingerprintEntry.Of("Candidates:DropBoilerplate", options.DropBoilerplate, false),
        FingerprintEntry.Of("Candidates:FigureCaptions", options.FigureCaptions, false),
        FingerprintEntry.Of("Candidates:Agent", options.Agent, "laion-stream"),
        .. OptOutFingerprint.OfPages(optOuts),
    ];

    /// <summary>As earlier versions stored it, to whom no list was the default one: they could not block nothing at all.</summary>
    private static string Blocked(string[]? extensions) => extensions switch
    {
        null => "",
        [] => FingerprintEntry.None,
        _ when extensions.SequenceEqual(UrlRules.DefaultExtensions) => "",
        _ => string.Join(' ', extensions),
    };
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Candidates;

/// <summary>Rules that turn links into candidates; bound to <c>Laion:Candidates</c>. Shapes the rows: part of the run's fingerprint, never live.</summary>
public sealed class CandidateOptions
{
    /// <summary>The rule set.</summary>
    /// <value>Default <see cref="CandidateRuleSet.Default"/>.</value>
    public CandidateRuleSet Rules { get; set; } = CandidateRuleSet.Default;

    /// <summary>Extensions of a URL's path that are not fetched, with their dot, in any case.</summary>
    /// <value>Default <c>.svg .gif .ico</c>, which null stands for too; an empty list blocks none.</value>
    [DefaultValue(new[] { ".svg", ".gif", ".ico" })]
    public string[]? BlockedExtensions { get; set; }

    /// <summary>File of domains that are not fetched, one per line; a domain also matches all its subdomains. The file is read again when it changes.</summary>
    /// <value>Default none.</value>
    public string? BlockedDomainsFile { get; set; }

    /// <summary>Fewest code points of a caption after cleaning.</summary>
    /// <value>Default 5, as LAION-5B.</value>
    [Range(0, 2000)]
    public int MinCaption { get; set; } = 5;

    /// <summary>Most code points of a caption; longer ones are truncated at a rune.</summary>
    /// <value>Default 2000, as LAION-5B.</value>
    [Range(1, 1_000_000)]
    public int MaxCaption { get; set; } = 2000;

    /// <summary>Whether captions that look like a file name or a stock phrase are dropped.</summary>
    /// <value>Default false.</value>
    public bool DropBoilerplate { get; set; }

    /// <summary>Whether figure captions replace a missing alt text in WARC input.</summary>
    /// <value>Default false.</value>
    public bool FigureCaptions { get; set; }

    /// <summary>Agent name that opt-outs of pages and headers may be addressed to.</summary>
    /// <value>Default <c>laion-stream</c>.</value>
    [Required]
    public string Agent { get; set; } = "laion-stream";
}

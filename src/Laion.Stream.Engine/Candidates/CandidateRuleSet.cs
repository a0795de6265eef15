namespace LaionStream.Engine.Candidates;

/// <summary>Which rules make a candidate of a link.</summary>
public enum CandidateRuleSet
{
    /// <summary>Ours: relative links resolved, only <c>IMG@/</c> links, licence anywhere on the page.</summary>
    Default,

    /// <summary>LAION-5B's own, with their quirks (rvencu/crawlingathome-gpu-hcloud ccpp.py), to reproduce and compare.</summary>
    Laion5b,
}

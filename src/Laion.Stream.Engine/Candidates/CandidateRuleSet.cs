namespace LaionStream.Engine.Candidates;

/// <summary>The rules by which a link becomes a candidate.</summary>
public enum CandidateRuleSet
{
    /// <summary>Ours: relative links are resolved, only <c>IMG@/</c> links, licence anywhere on the page.</summary>
    Default,

    /// <summary>LAION-5B's own, with their quirks (rvencu/crawlingathome-gpu-hcloud ccpp.py), to reproduce it and compare with it.</summary>
    Laion5b,
}

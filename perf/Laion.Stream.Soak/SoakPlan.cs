namespace LaionStream.Soak;

/// <summary>What to run.</summary>
/// <param name="Rows">Candidates to make.</param>
/// <param name="RealPages">Whether the WAT is made of the reference data's pages.</param>
/// <param name="WithModel">Whether the small CLIP scores.</param>
/// <param name="Pictures">Folder of pictures to serve; null for the demo's.</param>
/// <param name="Output">Folder to write.</param>
internal sealed record SoakPlan(int Rows, bool RealPages, bool WithModel, string? Pictures, string Output);

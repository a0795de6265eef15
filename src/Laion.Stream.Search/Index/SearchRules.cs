namespace LaionStream.Search.Index;

/// <summary>How much a segment is searched for k rows. Measured in <c>perf/README.md</c>.</summary>
internal static class SearchRules
{
    private const int Candidates = 128;
    private const int ManyCandidates = 256;
    private const int Many = 50;

    // A compared row costs about 0.07 µs, a visited one of the graph about 4 µs; a condition that a share s of n rows meet lets the graph visit about 128 / s.
    private const double ExactPerRoot = 85;

    /// <summary>Nearest rows by the graph whose exact score is computed.</summary>
    public static int Compared(int k) => (int)Math.Min(Math.Max(30, k * 5L / 2), int.MaxValue);

    /// <summary>Candidates that the graph keeps.</summary>
    public static int Kept(int k) => Math.Max(k >= Many ? ManyCandidates : Candidates, Compared(k));

    /// <summary>Whether comparing the rows that a condition leaves costs less than a search that meets it.</summary>
    /// <param name="matching">Rows of the segment that meet the condition.</param>
    /// <param name="rows">Rows of the segment.</param>
    /// <param name="k">Rows that are asked for.</param>
    public static bool IsExactCheaper(long matching, long rows, int k) => matching <= ExactPerRoot * Math.Sqrt(rows) || Kept(k) > matching / 4;
}

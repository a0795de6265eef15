namespace LaionStream.Search.Index;

/// <summary>How much a segment is searched for k rows. The numbers are those of <c>index tune</c> in <c>perf/README.md</c>.</summary>
internal static class SearchRules
{
    private const int Candidates = 256;
    private const int ManyCandidates = 512;
    private const int Many = 50;
    private const int LeastCompared = 64;

    // A compared row costs about 0.2 µs where rows are scattered; a condition that a share s of the rows meet lets the graph visit 1 / s times as many.
    private const double ExactPerRoot = 60;

    /// <summary>Nearest rows by the graph whose exact score is computed.</summary>
    public static int Compared(int k) => (int)Math.Min(Math.Max(LeastCompared, k * 5L / 2), int.MaxValue);

    /// <summary>Candidates that the graph keeps.</summary>
    public static int Kept(int k) => Math.Max(k >= Many ? ManyCandidates : Candidates, Compared(k));

    /// <summary>Whether comparing rows one by one costs less than searching the graph.</summary>
    /// <param name="matching">Rows of the segment that may be found.</param>
    /// <param name="rows">Rows of the segment, where a condition leaves only some; null without a condition.</param>
    /// <param name="k">Rows that are asked for.</param>
    public static bool IsExactCheaper(long matching, long? rows, int k) => Kept(k) >= matching || (rows is { } all && matching <= ExactPerRoot * Math.Sqrt(all));
}

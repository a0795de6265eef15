namespace LaionStream.Host.Live;

/// <summary>Bars of text. Pure.</summary>
internal static class LiveBar
{
    private const int Parts = 8; // of a cell

    /// <summary>A bar.</summary>
    /// <param name="share">Filled part, 0 to 1.</param>
    /// <param name="cells">Its length.</param>
    /// <param name="isUnicode">Whether eighths of a cell can be drawn.</param>
    public static (string Filled, string Empty) Of(double share, int cells, bool isUnicode)
    {
        double exact = Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * cells;
        int whole = (int)exact;
        if (!isUnicode) { return (new string('#', whole), new string('.', cells - whole)); }

        int eighths = (int)((exact - whole) * Parts);
        string filled = new string('█', whole) + (eighths > 0 ? ((char)('█' + (Parts - eighths))).ToString() : "");
        return (filled, new string('·', cells - filled.Length));
    }
}

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Counts the irregularities of one decode by kind. It belongs to that decode alone, so it depends only on the file's bytes.</summary>
internal sealed class JpegWarningLog
{
    private readonly JpegWarning[] _byKind = new JpegWarning[(int)JpegWarningKind.MissingScans + 1];

    /// <summary>Whether every pixel is as the encoder sent it.</summary>
    public bool PixelsWhole { get; private set; } = true;

    /// <summary>Pixel rows, from the top, that no damage can have affected; <see cref="int.MaxValue"/> when there is none.</summary>
    public int WholeRows { get; private set; } = int.MaxValue;

    /// <summary>The kinds found, in the order of <see cref="JpegWarningKind"/>.</summary>
    public IReadOnlyList<JpegWarning> All => [.. _byKind.Where(warning => warning.Count > 0)];

    /// <summary>How often <paramref name="kind"/> was found.</summary>
    public int CountOf(JpegWarningKind kind) => _byKind[(int)kind].Count;

    /// <summary>Records one.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="offset">Offset in the file, in bytes.</param>
    /// <param name="wholeRows">Pixel rows, from the top, that it cannot affect.</param>
    public void Add(JpegWarningKind kind, int offset, int wholeRows = int.MaxValue)
    {
        ref JpegWarning noted = ref _byKind[(int)kind];
        noted = noted.Count == 0
            ? new JpegWarning(kind, 1, offset, wholeRows)
            : noted with { Count = noted.Count + 1, WholeRows = Math.Min(noted.WholeRows, wholeRows) };
        if (noted.PixelsWhole) { return; }

        PixelsWhole = false;
        WholeRows = Math.Min(WholeRows, wholeRows);
    }
}

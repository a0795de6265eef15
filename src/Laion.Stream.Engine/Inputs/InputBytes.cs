namespace LaionStream.Engine.Inputs;

/// <summary>How far the inputs are read, in bytes as they are stored, at one moment.</summary>
/// <param name="Read">Bytes read by this session.</param>
/// <param name="Taken">Bytes that need not be read any more: those of files that earlier sessions finished, and those read by this one.</param>
/// <param name="Known">Bytes of all files whose size is known, those finished included.</param>
/// <param name="FilesOfKnownSize">How many files those are.</param>
/// <param name="FilesOfUnknownSize">Files whose size only their server knows, and that were not opened so far.</param>
internal readonly record struct InputBytes(long Read, long Taken, long Known, int FilesOfKnownSize, int FilesOfUnknownSize)
{
    /// <summary>Bytes that are still to be read, of the files whose size is known.</summary>
    public long Left => Math.Max(0, Known - Taken);

    /// <summary>Whether <see cref="Total"/> is an estimate.</summary>
    public bool IsEstimate => FilesOfUnknownSize > 0;

    /// <summary>
    /// Bytes of all files: those of a crawl are of about one size, so that a file that was not opened counts as the mean of the others. Null when no size is
    /// known.
    /// </summary>
    public double? Total => FilesOfKnownSize == 0 || Known == 0 ? null : Known + ((double)Known / FilesOfKnownSize * FilesOfUnknownSize);

    /// <summary>Share of all bytes that is read, 0 to 1; null when no size is known.</summary>
    public double? Share => Total is { } total ? Math.Min(1, Taken / total) : null;
}

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>
/// Ends the parse of a page that grows far beyond its text, and one that is to be stopped. HTML's tree construction opens formatting elements again in every
/// later block: thirty kilobytes can become gigabytes of elements.
/// </summary>
/// <remarks>
/// Counts the bytes that this thread allocates. They are the same on each run but for caches, and genuine pages stay far below the limit, so the same pages
/// are refused on each run: the ordinals of the links after them do not change.
/// </remarks>
internal sealed class ParseLimit
{
    private const long LeastBytes = 32L << 20;
    private const int BytesPerCharacter = 256; // genuine pages take about 20, a page of nothing but paragraphs 100
    private const long MostBytes = 1L << 30;

    private readonly long _start = GC.GetAllocatedBytesForCurrentThread();
    private readonly long _most;
    private readonly CancellationToken _stop;

    /// <summary>Starts to count.</summary>
    /// <param name="characters">Length of the page.</param>
    /// <param name="stop">Ends the parse.</param>
    public ParseLimit(int characters, CancellationToken stop) =>
        (_most, _stop) = (Math.Min(MostBytes, LeastBytes + ((long)characters * BytesPerCharacter)), stop);

    /// <summary>Called for every token, on the thread that parses.</summary>
    /// <exception cref="InvalidDataException">The page has grown too large.</exception>
    /// <exception cref="OperationCanceledException">The run stops.</exception>
    public void Check()
    {
        _stop.ThrowIfCancellationRequested();
        if (GC.GetAllocatedBytesForCurrentThread() - _start > _most)
        {
            throw new InvalidDataException(FormattableString.Invariant($"The page has become elements of more than {_most} bytes."));
        }
    }
}

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>
/// Takes a picture's rows as they are decoded, from top to bottom, so that no copy of the whole picture is needed. Disposing returns its memory.
/// </summary>
internal interface IRowSink : IDisposable
{
    /// <summary>The columns of a row that are needed; none for a row that is not.</summary>
    Columns ColumnsOf(int y);

    /// <summary>Takes a row that is needed.</summary>
    /// <param name="y">Its number.</param>
    /// <param name="row">RGB, followed by <see cref="Picture.Slack"/> readable bytes; only the needed columns have values.</param>
    /// <param name="previous">The row before it, likewise; empty when no sink needed that one.</param>
    void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous);
}

using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>Copies a picture as RGB.</summary>
/// <param name="to">RGB, of the picture's size; not owned.</param>
internal sealed class WholeRows(DecodedPixels to) : IRowSink
{
    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => new(0, to.Width);

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous) => row[..to.Stride].CopyTo(to.Row(y));

    /// <inheritdoc/>
    public void Dispose()
    {
        // there is no memory of its own
    }
}

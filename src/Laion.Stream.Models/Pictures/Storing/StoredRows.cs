using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>Resizes a picture's rows as they arrive, in the file's own orientation.</summary>
internal sealed class StoredRows : IRowSink
{
    private readonly DecodedPixels _taken;
    private readonly IRowSink _rows;
    private readonly int _width;
    private readonly int _height;

    /// <summary>Begins a resize.</summary>
    /// <param name="pictureWidth">Width of the picture.</param>
    /// <param name="pictureHeight">Height of the picture.</param>
    /// <param name="width">Width of the result before it is turned upright.</param>
    /// <param name="height">Height of the result before it is turned upright.</param>
    public StoredRows(int pictureWidth, int pictureHeight, int width, int height)
    {
        (_width, _height) = (width, height);
        bool shrinks = width <= pictureWidth && height <= pictureHeight, same = width == pictureWidth && height == pictureHeight;

        // To enlarge a picture its rows are read more than once, so it is kept; it is smaller than the result.
        _taken = shrinks ? DecodedPixels.Allocate(width, height, 3) : DecodedPixels.Allocate(pictureWidth, pictureHeight, 3);
        _rows = shrinks && !same ? new AreaRows(pictureWidth, pictureHeight, _taken) : new WholeRows(_taken);
    }

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => _rows.ColumnsOf(y);

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous) => _rows.Add(y, row, previous);

    /// <summary>The resized picture, after the last row; the caller disposes it, before this object or after it.</summary>
    public DecodedPixels Finish()
    {
        if (_taken.Width == _width && _taken.Height == _height) { return _taken; }

        DecodedPixels large = DecodedPixels.Allocate(_width, _height, 3);
        LanczosResize.Resize(new Picture(_taken, null), large);
        return large;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _taken.Dispose();
    }
}

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Reads a range of a file and ends there, even if the file continues.</summary>
internal sealed class PieceStream : PassThroughStream
{
    private long _left;

    private PieceStream(Stream inner, long bytes) : base(inner) => _left = bytes;

    /// <summary>Creates a stream over a range.</summary>
    /// <param name="file">Can seek; disposed with the piece.</param>
    /// <param name="start">First byte.</param>
    /// <param name="end">The offset after the last byte.</param>
    public static PieceStream Of(Stream file, long start, long end)
    {
        file.Position = start;
        return new PieceStream(file, end - start);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => base.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);

    /// <inheritdoc/>
    protected override void Saw(ReadOnlySpan<byte> bytes) => _left -= bytes.Length;
}

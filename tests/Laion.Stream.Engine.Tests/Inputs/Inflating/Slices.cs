namespace LaionStream.Engine.Tests.Inputs.Inflating;

/// <summary>Returns a file in slices of given lengths, the last of which is repeated, and tells of each request.</summary>
/// <param name="file">The file.</param>
/// <param name="lengths">Bytes of each read.</param>
/// <param name="yields">Whether a read completes only later.</param>
internal sealed class Slices(byte[] file, int[] lengths, bool yields = false) : MemoryStream(file, writable: false)
{
    private int _reads;

    /// <summary>Called before each read.</summary>
    public Action? Asked { get; init; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Asked?.Invoke();
        return base.Read(buffer, offset, Math.Min(count, lengths[Math.Min(_reads++, lengths.Length - 1)]));
    }

    public override int Read(Span<byte> buffer)
    {
        byte[] bytes = new byte[buffer.Length];
        int read = Read(bytes, 0, bytes.Length);
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (yields) { await Task.Yield(); }
        return Read(buffer.Span);
    }
}

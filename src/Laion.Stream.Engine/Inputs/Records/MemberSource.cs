using System.Buffers.Binary;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>The decompressed bytes of a file, with the boundaries of its compressed members if it has any.</summary>
internal abstract class MemberSource : IAsyncDisposable
{
    private static readonly byte[] GzipMagic = [0x1f, 0x8b, 0x08];

    /// <summary>Whether the file has members, whose boundaries show where a record ends.</summary>
    public abstract bool HasMembers { get; }

    /// <summary>Position in the stored file of the member that the last bytes came from; in a plain file, the position of the last bytes themselves.</summary>
    public abstract long MemberPosition { get; }

    /// <summary>Reads the next chunk. After <see cref="ChunkKind.Ended"/> or <see cref="ChunkKind.Cut"/> it must not be called again.</summary>
    /// <param name="into">Not empty.</param>
    /// <param name="stop">Ends waiting.</param>
    /// <exception cref="IOException">The underlying file cannot be read. Damaged content never throws.</exception>
    public abstract ValueTask<Chunk> ReadAsync(Memory<byte> into, CancellationToken stop);

    public abstract ValueTask DisposeAsync();

    /// <summary>Chooses gzip, zstd or plain by the first bytes, or by the name when those are damaged. Takes ownership of the stream.</summary>
    public static async ValueTask<MemberSource> OpenAsync(Stream stream, string name, InputHealth health, CancellationToken stop)
    {
        byte[] head = new byte[4];
        int read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop);
        ReadOnlyMemory<byte> start = head.AsMemory(0, read);
        if (IsZstd(start.Span) || (name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) && !IsPlain(start.Span)))
        {
            return await ZstdMembers.OpenAsync(stream, start, health, stop);
        }

        if (start.Span.StartsWith(GzipMagic) || (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && !IsPlain(start.Span)))
        {
            return new GzipMembers(new MemberWindow(stream, start, 0, GzipMagic, health), health);
        }

        return new PlainBytes(stream, start, health);
    }

    private static bool IsPlain(ReadOnlySpan<byte> start) => start.StartsWith("WARC"u8);

    // 0xFD2FB528 is a frame, 0x184D2A5? are skippable frames: .warc.zst may open with one that carries the dictionary.
    private static bool IsZstd(ReadOnlySpan<byte> start) =>
        start.Length == 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) is 0xFD2FB528 or (>= 0x184D2A50 and <= 0x184D2A5F);
}

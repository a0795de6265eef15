using System.Buffers.Binary;
using LaionStream.Engine.Inputs.Opening;
using ZstdSharp;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>zstd frames (RFC 8878), as in .warc.zst: one frame per record; the first frame may hold a dictionary for the others.</summary>
/// <param name="window">The frames.</param>
/// <param name="dictionary">Dictionary of all frames, or empty.</param>
/// <param name="health">Counts damage.</param>
internal sealed class ZstdMembers(MemberWindow window, byte[] dictionary, InputHealth health) : CompressedMembers(window, health)
{
    private const uint DictionaryFrame = 0x184D2A5D; // IIPC: WARC file compression with Zstandard, section "Dictionary"
    private const int FrameHeaderBytes = 8;
    private const int MaxDictionaryBytes = 16 << 20;
    private static readonly byte[] Magic = [0x28, 0xb5, 0x2f, 0xfd];

    private ZstdFrameStream? _frames;

    /// <summary>Opens a file and reads its dictionary frame, if it begins with one.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="start">Its first bytes, already read from the stream.</param>
    /// <param name="health">Counts damage.</param>
    /// <param name="stop">Ends waiting.</param>
    public static async ValueTask<ZstdMembers> OpenAsync(Stream stream, ReadOnlyMemory<byte> start, InputHealth health, CancellationToken stop)
    {
        if (start.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(start.Span) != DictionaryFrame)
        {
            return new ZstdMembers(new MemberWindow(stream, start, 0, Magic, health), [], health);
        }

        byte[] header = new byte[FrameHeaderBytes];
        start.CopyTo(header);
        int read = start.Length + await stream.ReadAtLeastAsync(header.AsMemory(start.Length), FrameHeaderBytes - start.Length, false, stop);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(sizeof(uint)));
        if (read < FrameHeaderBytes || length > MaxDictionaryBytes)
        {
            return new ZstdMembers(new MemberWindow(stream, header.AsMemory(0, read), 0, Magic, health), [], health);
        }

        byte[] dictionary = new byte[length];
        int have = await stream.ReadAtLeastAsync(dictionary, dictionary.Length, false, stop);
        if (have < dictionary.Length) { health.EndTooEarly(); }
        read += have;
        health.Bytes += read;
        return new ZstdMembers(new MemberWindow(stream, default, read, Magic, health), Unpack(dictionary), health);
    }

    /// <inheritdoc/>
    protected override Stream Open(Stream window) => _frames = new ZstdFrameStream(window, dictionary);

    /// <inheritdoc/>
    protected override bool EndsMember(uint trailer, long memberBytes) => _frames?.AtFrameEnd == true;

    /// <inheritdoc/>
    protected override bool EndsBeforeDamage(MemberWindow window, long memberBytes) => _frames is { BytesOfOpenFrame: 0 };

    /// <inheritdoc/>
    protected override bool IsDamage(Exception e) => e is InvalidDataException or ZstdException or EndOfStreamException;

    /// <inheritdoc/>
    protected override bool IsCut(Exception e) => e is EndOfStreamException;

    /// <summary>The dictionary may itself be one zstd frame.</summary>
    private static byte[] Unpack(byte[] dictionary)
    {
        if (!dictionary.AsSpan().StartsWith(Magic))
        {
            return dictionary;
        }

        try
        {
            using var decompressor = new Decompressor();
            return decompressor.Unwrap(dictionary, MaxDictionaryBytes).ToArray();
        }
        catch (ZstdException)
        {
            return []; // the frames that need it will be counted as damaged
        }
    }
}

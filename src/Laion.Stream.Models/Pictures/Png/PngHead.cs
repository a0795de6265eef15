using System.Buffers.Binary;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures.Png;

/// <summary>What the chunks before a PNG's pixels say about them, as libpng understands them.</summary>
internal sealed class PngHead
{
    private const int MostColours = 256;

    private PngHead(byte[] palette, byte[]? transparency) => (Palette, Transparency) = (palette, transparency);

    /// <summary>256 colours of three bytes; those that the file does not have are black.</summary>
    public byte[] Palette { get; }

    /// <summary>The data of <c>tRNS</c>: the alpha of the first colours, or the transparent colour as numbers of 16 bits. Null when it has no effect.</summary>
    public byte[]? Transparency { get; }

    /// <summary>Reads the chunks.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header.</param>
    /// <exception cref="DecodeException">The file is not a valid PNG up to its pixels.</exception>
    public static PngHead Read(ReadOnlySpan<byte> body, in ImageHeader header)
    {
        CheckKind(body, header);
        byte[]? palette = null, transparency = null;
        int colours = 0;
        for (long at = 33; at + 12 <= body.Length;)
        {
            ReadOnlySpan<byte> chunk = body[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            ReadOnlySpan<byte> name = chunk.Slice(4, 4);
            if (name.SequenceEqual("IDAT"u8)) { break; }
            if (length > chunk.Length - 12) { throw new DecodeException("A chunk does not fit into the file."); }

            ReadOnlySpan<byte> data = chunk.Slice(8, (int)length);
            bool sound = BinaryPrimitives.ReadUInt32BigEndian(chunk[(8 + data.Length)..]) == PngCrc.Of(name, data);
            if (name.SequenceEqual("PLTE"u8))
            {
                if (!sound || palette is not null || data.Length % 3 != 0) { throw new DecodeException("The palette is invalid."); }
                palette = ReadPalette(data, header, out colours);
            }
            else if (name.SequenceEqual("tRNS"u8))
            {
                if (sound && transparency is null && IsValid(data, header, colours)) { transparency = data.ToArray(); }
            }
            else if ((name[0] & 0x20) == 0)
            {
                throw new DecodeException("A critical chunk is unknown or out of place.");
            }

            at += 12 + (long)length;
        }

        if (header.Indexed && palette is null) { throw new DecodeException("There is no palette."); }
        return new PngHead(palette ?? [], transparency);
    }

    private static void CheckKind(ReadOnlySpan<byte> body, in ImageHeader header)
    {
        byte colour = body[25];
        bool depth = colour switch
        {
            0 => header.BitsPerComponent is 1 or 2 or 4 or 8 or 16,
            3 => header.BitsPerComponent is 1 or 2 or 4 or 8,
            2 or 4 or 6 => header.BitsPerComponent is 8 or 16,
            _ => false,
        };
        bool methods = body[26] == 0 && body[27] == 0 && body[28] <= 1;
        bool sound = BinaryPrimitives.ReadUInt32BigEndian(body) == 0x89504E47 && BinaryPrimitives.ReadUInt32BigEndian(body[8..]) == 13
            && BinaryPrimitives.ReadUInt32BigEndian(body[29..]) == PngCrc.Of("IHDR"u8, body.Slice(16, 13));
        if (!depth || !methods || !sound) { throw new DecodeException("The header is invalid."); }
    }

    private static byte[] ReadPalette(ReadOnlySpan<byte> data, in ImageHeader header, out int colours)
    {
        int most = header.Indexed ? 1 << header.BitsPerComponent : MostColours;
        colours = Math.Min(data.Length / 3, most);
        byte[] palette = new byte[MostColours * 3];
        data[..(colours * 3)].CopyTo(palette);
        return palette;
    }

    private static bool IsValid(ReadOnlySpan<byte> data, in ImageHeader header, int colours) => header switch
    {
        { Indexed: true } => data.Length > 0 && data.Length <= colours,
        { Components: 1 } => data.Length == 2,
        { Components: 3 } => data.Length == 6,
        _ => false,
    };
}

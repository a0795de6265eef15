using System.Text;

namespace LaionStream.Engine.Inputs.Tars;

/// <summary>The header block of an entry of a tar (v7, ustar, GNU, pax). Pure.</summary>
/// <param name="Name">The entry's name; empty for a block of zeros, which ends a tar.</param>
/// <param name="Kind">The type flag.</param>
/// <param name="Bytes">Stored bytes that follow; negative when the number is invalid.</param>
/// <param name="IsContinued">Whether blocks of a sparse map follow (GNU).</param>
internal readonly record struct TarHeader(string Name, char Kind, long Bytes, bool IsContinued)
{
    /// <summary>Bytes of a block.</summary>
    public const int Block = 512;

    private const int ChecksumAt = 148;
    private const int ChecksumBytes = 8;
    private const int SizeAt = 124;
    private const int SizeBytes = 12;
    private const int KindAt = 156;
    private const int MagicAt = 257;
    private const int PrefixAt = 345;
    private const int ContinuedAt = 482; // in the header of a GNU sparse entry

    /// <summary>Whether the entry is a file whose bytes are stored as they are.</summary>
    public bool IsFile => Kind is '0' or '\0' or '7' && !Name.EndsWith('/');

    /// <summary>Whether stored bytes follow. For links, devices, folders and pipes the size says something else, or nothing.</summary>
    public bool HasBytes => Kind is not (>= '1' and <= '6');

    /// <summary>Reads a block.</summary>
    /// <param name="block"><see cref="Block"/> bytes.</param>
    /// <param name="header">The header.</param>
    /// <returns>Whether it is a header: its checksum is right.</returns>
    public static bool TryParse(ReadOnlySpan<byte> block, out TarHeader header)
    {
        header = default;
        if (block.Length < Block || !IsSumRight(block = block[..Block])) { return false; }

        char kind = (char)block[KindAt];
        bool isUstar = block.Slice(MagicAt, 6).SequenceEqual("ustar\0"u8);
        string name = Text(block[..100]);
        string prefix = isUstar ? Text(block.Slice(PrefixAt, 155)) : "";
        header = new TarHeader(
            prefix.Length > 0 ? $"{prefix}/{name}" : name, kind, Number(block.Slice(SizeAt, SizeBytes)), kind == 'S' && block[ContinuedAt] != 0);
        return true;
    }

    /// <summary>Text up to the first zero.</summary>
    public static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field.IndexOf((byte)0) is >= 0 and int end ? field[..end] : field);

    /// <summary>A number in octal digits, or in binary when the first bit is set (GNU); −1 when it is neither, or too large.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return field[0] == 0x80 && field[1..4].IndexOfAnyExcept((byte)0) < 0
                && System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(field[4..]) is >= 0 and long binary ? binary : -1;
        }

        long number = 0;
        foreach (byte digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7') { return -1; }
            number = (number << 3) | (uint)(digit - '0'); // 12 digits of 3 bits fit
        }

        return number;
    }

    /// <summary>Whether the sum of the bytes, the field of the sum taken as spaces, is the one stored; old tars summed signed bytes.</summary>
    private static bool IsSumRight(ReadOnlySpan<byte> block)
    {
        long stored = Number(block.Slice(ChecksumAt, ChecksumBytes));
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < Block; i++)
        {
            byte one = i is >= ChecksumAt and < ChecksumAt + ChecksumBytes ? (byte)' ' : block[i];
            unsigned += one;
            signed += (sbyte)one;
        }

        return stored == unsigned || stored == signed;
    }
}

using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>Counts the pixels for which a GIF's first frame has data, without storing them (GIF89a, appendix F).</summary>
internal static class GifPixels
{
    private const byte Extension = 0x21;
    private const byte Picture = 0x2C;
    private const int MostCodes = 4096;

    /// <summary>Whether the first frame has data for each of its pixels.</summary>
    /// <param name="body">A file with a GIF signature and at least its 13-byte header.</param>
    public static bool AreWhole(ReadOnlySpan<byte> body)
    {
        int at = 13 + ColourTable(body[10]);
        while (at + 2 <= body.Length && body[at] == Extension)
        {
            at += 2;
            while (at < body.Length && body[at] != 0) { at += body[at] + 1; }
            at++;
        }

        if (at + 11 > body.Length || body[at] != Picture) { return false; }
        long wanted = (long)BinaryPrimitives.ReadUInt16LittleEndian(body[(at + 5)..]) * BinaryPrimitives.ReadUInt16LittleEndian(body[(at + 7)..]);
        at += 10 + ColourTable(body[at + 9]);
        return at < body.Length && body[at] is >= 1 and <= 11 && Count(body[(at + 1)..], body[at], wanted) >= wanted;
    }

    /// <summary>Counts by the lengths of the codes' strings.</summary>
    private static long Count(ReadOnlySpan<byte> blocks, int rootBits, long wanted)
    {
        Span<ushort> lengths = stackalloc ushort[MostCodes];
        int clear = 1 << rootBits;
        lengths[..clear].Fill(1);
        (int next, int width, int previous, long count) = (clear + 2, rootBits + 1, -1, 0);
        var bits = new CodeReader(blocks);
        while (count < wanted && bits.Read(width) is >= 0 and int code && code != clear + 1)
        {
            if (code == clear)
            {
                (next, width, previous) = (clear + 2, rootBits + 1, -1);
                continue;
            }

            if (code > next || (previous < 0 && code >= clear) || (code == next && next == MostCodes)) { break; }
            if (previous >= 0 && next < MostCodes)
            {
                lengths[next++] = (ushort)(lengths[previous] + 1);
                if (next == 1 << width && width < 12) { width++; }
            }

            count += lengths[code];
            previous = code;
        }

        return count;
    }

    private static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>Reads codes out of sub-blocks, the lowest bit first.</summary>
    private ref struct CodeReader(ReadOnlySpan<byte> blocks)
    {
        private readonly ReadOnlySpan<byte> _blocks = blocks;
        private int _at;
        private int _left;
        private int _bits;
        private int _held;

        /// <returns>The code; −1 at the end.</returns>
        public int Read(int width)
        {
            while (_held < width)
            {
                if (_left == 0)
                {
                    if (_at >= _blocks.Length || _blocks[_at] == 0) { return -1; }
                    _left = _blocks[_at++];
                }

                if (_at >= _blocks.Length) { return -1; }
                _bits |= _blocks[_at++] << _held;
                _held += 8;
                _left--;
            }

            int code = _bits & ((1 << width) - 1);
            _bits >>= width;
            _held -= width;
            return code;
        }
    }
}

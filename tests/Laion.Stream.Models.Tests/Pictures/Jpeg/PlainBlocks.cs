using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>The block decoding procedures of T.81 written out bit by bit, with libjpeg's handling of wrong codes: slow and simple.</summary>
/// <param name="data">Entropy-coded bytes without stuffing; zeros follow.</param>
internal sealed class PlainBlocks(byte[] data)
{
    /// <summary>Bits consumed.</summary>
    public long Position { get; private set; }

    /// <summary>What was wrong since the start.</summary>
    public BlockFault Fault { get; private set; }

    /// <summary>F.2.2.1 and F.2.2.2.</summary>
    public void Sequential(PlainCode dc, PlainCode ac, short[] block, ref int prediction)
    {
        int size = dc.Read(this) & 15;
        prediction += size == 0 ? 0 : Signed(size);
        block[0] = (short)prediction;
        for (int k = 1; k < 64; k++)
        {
            int symbol = ac.Read(this), run = symbol >> 4;
            size = symbol & 15;
            if (size == 0 && run != 15) { return; }
            k += run;
            if (size > 0) { Set(block, k, Signed(size), 63); }
        }
    }

    /// <summary>G.1.2.2.</summary>
    public void First(PlainCode ac, short[] block, JpegScan scan, ref int endOfBands)
    {
        for (int k = scan.First; k <= scan.Last; k++)
        {
            int symbol = ac.Read(this), run = symbol >> 4, size = symbol & 15;
            if (size == 0 && run != 15)
            {
                endOfBands = (1 << run) + Bits(run);
                return;
            }

            k += run;
            if (size > 0) { Set(block, k, Signed(size) << scan.Low, scan.Last); }
        }
    }

    /// <summary>G.1.2.3.</summary>
    public void Refine(PlainCode ac, short[] block, JpegScan scan, ref int endOfBands)
    {
        int k = scan.First, plus = 1 << scan.Low;
        for (; endOfBands == 0 && k <= scan.Last; k++)
        {
            int symbol = ac.Read(this), run = symbol >> 4, size = symbol & 15, value = 0;
            if (size > 0)
            {
                if (size != 1) { Fault |= BlockFault.Coefficient; }
                value = Bits(1) == 1 ? plus : -plus;
            }
            else if (run != 15)
            {
                endOfBands = (1 << run) + Bits(run);
                break;
            }

            for (; k <= scan.Last; k++)
            {
                if (block[k] != 0) { Correct(ref block[k], plus); }
                else if (run-- == 0) { break; }
            }

            if (value != 0) { Set(block, k, value, scan.Last); }
        }

        if (endOfBands == 0) { return; }
        for (; k <= scan.Last; k++)
        {
            if (block[k] != 0) { Correct(ref block[k], plus); }
        }

        endOfBands--;
    }

    /// <summary>The next bits, the first one highest.</summary>
    public int Bits(int count)
    {
        int value = 0;
        for (; count > 0; count--, Position++)
        {
            int at = (int)(Position >> 3);
            value = (value << 1) | (at < data.Length ? (data[at] >> (7 - (int)(Position & 7))) & 1 : 0);
        }

        return value;
    }

    /// <summary>Records bits that are not a code.</summary>
    public void NoteBadCode() => Fault |= BlockFault.Code;

    private int Signed(int size)
    {
        int value = Bits(size);
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    private void Set(short[] block, int k, int value, int last)
    {
        if (k > last) { Fault |= BlockFault.Coefficient; }
        block[Math.Min(k, 63)] = (short)value;
    }

    private void Correct(ref short coefficient, int plus)
    {
        if (Bits(1) == 1 && (coefficient & plus) == 0) { coefficient += (short)(coefficient >= 0 ? plus : -plus); }
    }
}

namespace LaionStream.TestWorld.Wats;

/// <summary>Damage that files suffer on disks and networks: truncation, flipped bits, foreign bytes, missing parts.</summary>
public static class Damage
{
    /// <summary>Offsets of the gzip members in a file that is intact and whose compressed bytes do not contain the magic by chance.</summary>
    public static List<int> MembersOf(ReadOnlySpan<byte> file)
    {
        var starts = new List<int>();
        for (int from = 0; file[from..].IndexOf<byte>([0x1f, 0x8b, 0x08, 0x00]) is int at and >= 0; from += at + 1)
        {
            starts.Add(from + at);
        }

        return starts;
    }

    /// <summary>The first bytes of a file.</summary>
    public static byte[] Cut(ReadOnlySpan<byte> file, int length) => file[..length].ToArray();

    /// <summary>The file with one byte changed.</summary>
    public static byte[] Flip(ReadOnlySpan<byte> file, int place, byte mask = 0xff)
    {
        byte[] damaged = file.ToArray();
        damaged[place] ^= mask;
        return damaged;
    }

    /// <summary>The file with foreign bytes inserted.</summary>
    public static byte[] Insert(ReadOnlySpan<byte> file, int place, ReadOnlySpan<byte> garbage) => [.. file[..place], .. garbage, .. file[place..]];

    /// <summary>The file with a range of bytes removed.</summary>
    public static byte[] Remove(ReadOnlySpan<byte> file, int place, int length) => [.. file[..place], .. file[(place + length)..]];

    /// <summary>One to four random damages, deterministic for a seed.</summary>
    public static byte[] Random(ReadOnlySpan<byte> file, Random random)
    {
        byte[] damaged = file.ToArray();
        for (int i = random.Next(1, 5); i > 0 && damaged.Length > 1; i--)
        {
            int place = random.Next(damaged.Length);
            switch (random.Next(4))
            {
                case 0:
                    damaged = Cut(damaged, place);
                    break;
                case 1:
                    damaged = Flip(damaged, place, (byte)random.Next(1, 256));
                    break;
                case 2:
                    byte[] garbage = new byte[random.Next(1, 2000)];
                    random.NextBytes(garbage);
                    damaged = Insert(damaged, place, garbage);
                    break;
                default:
                    damaged = Remove(damaged, place, Math.Min(random.Next(1, 500), damaged.Length - place));
                    break;
            }
        }

        return damaged;
    }
}

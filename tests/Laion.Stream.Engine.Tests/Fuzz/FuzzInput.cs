using System.Buffers.Binary;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Damage where parsers break: numbers at the ends of their ranges, truncation, repeated parts, pieces of other files.</summary>
internal static class FuzzInput
{
    /// <summary>Values for a length, a count or an offset.</summary>
    public static IReadOnlyList<uint> Numbers { get; } =
    [
        0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x00FFFFFF, 0x01000000, 0x3FFFFFFF, 0x40000000,
        0x7FFFFFF0, 0x7FFFFFF7, 0x7FFFFFF8, 0x7FFFFFFE, 0x7FFFFFFF,
        0x80000000, 0x80000001, 0xFFFF0000, .. Enumerable.Range(0xF0, 16).Select(last => 0xFFFFFF00 | (uint)last),
    ];

    private static readonly uint[] Few = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFF7, 0xFFFFFFF8, 0xFFFFFFFC, 0xFFFFFFFF];

    /// <summary>Each of some numbers, in either byte order, at each offset.</summary>
    /// <param name="seed">A valid file.</param>
    /// <param name="places">Number of offsets from the start.</param>
    /// <param name="all">Whether to try all numbers, or only the worst.</param>
    public static IEnumerable<byte[]> Sweep(byte[] seed, int places, bool all)
    {
        for (int at = 0; at + sizeof(uint) <= Math.Min(seed.Length, places); at++)
        {
            foreach (uint number in all ? Numbers : Few)
            {
                yield return With(seed, at, number, little: true);
                if (number != BinaryPrimitives.ReverseEndianness(number)) { yield return With(seed, at, number, little: false); }
            }
        }
    }

    /// <summary>The file truncated at each offset.</summary>
    public static IEnumerable<byte[]> Cuts(byte[] seed, int places) => Enumerable.Range(0, Math.Min(seed.Length, places)).Select(length => seed[..length]);

    /// <summary>One to six damages, deterministic for a state of <paramref name="random"/>.</summary>
    /// <param name="seed">A valid file.</param>
    /// <param name="other">Another, for pieces.</param>
    /// <param name="random">The random generator.</param>
    public static byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        byte[] damaged = [.. seed];
        for (int i = random.Next(1, 7); i > 0 && damaged.Length > 8; i--) { damaged = Once(damaged, other, random); }
        return damaged;
    }

    private static byte[] Once(byte[] file, byte[] other, Random random)
    {
        // Headers are short and bodies long: half of all damage is done where the numbers are.
        int at = random.Next(random.Next(2) == 0 ? Math.Min(file.Length, 256) : file.Length);
        int length = Math.Min(random.Next(1, 1 << random.Next(1, 10)), file.Length - at);
        switch (random.Next(9))
        {
            case 0: return file[..at];
            case 1: return [.. file[..at], .. file[(at + length)..]];
            case 2: return [.. file[..(at + length)], .. file[at..(at + length)], .. file[(at + length)..]];
            case 3:
                int from = random.Next(other.Length);
                return [.. file[..at], .. other[from..Math.Min(other.Length, from + length)], .. file[at..]];
            case 4:
                file[at] ^= (byte)(1 << random.Next(8));
                return file;
            case 5:
                file[at] = (byte)random.Next(256);
                return file;
            default:
                Put(file, at, Numbers[random.Next(Numbers.Count)], random);
                return file;
        }
    }

    private static void Put(byte[] file, int at, uint number, Random random)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        int size = 2 << random.Next(3);
        ulong value = size == sizeof(ulong) && number >= 0x80000000 && random.Next(2) == 0 ? 0xFFFFFFFF00000000 | number : number;
        if (random.Next(2) == 0) { BinaryPrimitives.WriteUInt64LittleEndian(wide, value); }
        else { BinaryPrimitives.WriteUInt64BigEndian(wide, value << (64 - (8 * size))); }
        wide[..Math.Min(size, file.Length - at)].CopyTo(file.AsSpan(at));
    }

    private static byte[] With(byte[] seed, int at, uint number, bool little)
    {
        byte[] damaged = [.. seed];
        if (little) { BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(at), number); }
        else { BinaryPrimitives.WriteUInt32BigEndian(damaged.AsSpan(at), number); }
        return damaged;
    }
}

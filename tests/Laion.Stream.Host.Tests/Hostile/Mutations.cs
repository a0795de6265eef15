using System.Buffers.Binary;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Ways to damage any file, each chosen by a seeded generator.</summary>
internal static class Mutations
{
    private const int HeaderBytes = 600;

    private static readonly uint[] Lies = [0, 1, 2, 0x7F, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF7, 0xFFFFFFF8, 0xFFFFFFFE, 0xFFFFFFFF];

    public static IReadOnlyList<(string Name, Func<byte[], Random, byte[]> Spoil)> All { get; } =
    [
        ("cut", (file, random) => file[..random.Next(file.Length)]),
        ("cut-in-header", (file, random) => file[..random.Next(Math.Min(file.Length, HeaderBytes))]),
        ("cut-at-end", (file, random) => file[..^random.Next(1, Math.Min(file.Length, 40))]),
        ("flips", (file, random) => Change(file, random, random.Next(1, 40), file.Length)),
        ("flips-in-header", (file, random) => Change(file, random, random.Next(1, 12), Math.Min(file.Length, HeaderBytes))),
        ("one-bit", (file, random) => Bit(file, random)),
        ("lie-of-4-bytes", (file, random) => Lie4(file, random)),
        ("lie-of-2-bytes", (file, random) => Lie2(file, random)),
        ("zeros-from-here", (file, random) => Fill(file, random.Next(file.Length), 0)),
        ("ones-from-here", (file, random) => Fill(file, random.Next(file.Length), 0xFF)),
        ("part-left-out", (file, random) => LeaveOut(file, random)),
        ("part-repeated", (file, random) => Repeat(file, random, 2)),
        ("part-repeated-often", (file, random) => Repeat(file, random, 300)),
        ("parts-swapped", (file, random) => Swap(file, random)),
        ("junk-in-front", (file, random) => [.. Noise(random, random.Next(1, 64)), .. file]),
        ("junk-behind", (file, random) => [.. file, .. Noise(random, random.Next(1, 4000))]),
        ("junk-inside", (file, random) => Insert(file, random)),
        ("head-of-another", (file, random) => [.. Other(random)[..Math.Min(32, file.Length)], .. file[Math.Min(32, file.Length)..]]),
        ("tail-of-another", (file, random) => [.. file[..(file.Length / 2)], .. Other(random)[100..]]),
        ("noise-behind-signature", (file, random) => [.. file[..16], .. Noise(random, random.Next(100, 9000))]),
    ];

    private static byte[] Other(Random random) => SoundFiles.All[random.Next(SoundFiles.All.Count)].Bytes;

    private static byte[] Change(byte[] file, Random random, int count, int within)
    {
        byte[] changed = [.. file];
        for (int i = 0; i < count; i++) { changed[random.Next(within)] = (byte)random.Next(256); }
        return changed;
    }

    private static byte[] Bit(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        changed[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static byte[] Lie4(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        Span<byte> at = changed.AsSpan(random.Next(Math.Min(file.Length, HeaderBytes) - 4));
        uint lie = Lies[random.Next(Lies.Length)];
        if (random.Next(2) == 0) { BinaryPrimitives.WriteUInt32LittleEndian(at, lie); }
        else { BinaryPrimitives.WriteUInt32BigEndian(at, lie); }
        return changed;
    }

    private static byte[] Lie2(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(random.Next(Math.Min(file.Length, HeaderBytes) - 2)), (ushort)Lies[random.Next(Lies.Length)]);
        return changed;
    }

    private static byte[] Fill(byte[] file, int from, byte value)
    {
        byte[] changed = [.. file];
        changed.AsSpan(from).Fill(value);
        return changed;
    }

    private static byte[] LeaveOut(byte[] file, Random random)
    {
        int from = random.Next(file.Length);
        return [.. file[..from], .. file[Math.Min(file.Length, from + random.Next(1, 500))..]];
    }

    private static byte[] Repeat(byte[] file, Random random, int times)
    {
        int from = random.Next(file.Length);
        byte[] part = file[from..Math.Min(file.Length, from + random.Next(1, 500))];
        return [.. file[..from], .. Enumerable.Repeat(part, times).SelectMany(bytes => bytes), .. file[from..]];
    }

    private static byte[] Swap(byte[] file, Random random)
    {
        int[] at = [random.Next(file.Length), random.Next(file.Length), random.Next(file.Length)];
        Array.Sort(at);
        return [.. file[..at[0]], .. file[at[1]..at[2]], .. file[at[0]..at[1]], .. file[at[2]..]];
    }

    private static byte[] Insert(byte[] file, Random random)
    {
        int at = random.Next(file.Length);
        return [.. file[..at], .. Noise(random, random.Next(1, 300)), .. file[at..]];
    }

    private static byte[] Noise(Random random, int count)
    {
        var noise = new byte[count];
        random.NextBytes(noise);
        return noise;
    }
}

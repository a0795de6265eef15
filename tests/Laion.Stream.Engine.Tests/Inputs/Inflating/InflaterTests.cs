namespace LaionStream.Engine.Tests.Inputs.Inflating;

/// <summary>Blocks that no encoder writes, made by hand: valid ones at their limits, and invalid ones, judged as the runtime's decoder judges them.</summary>
public sealed class InflaterTests
{
    private static readonly int[] OneBitEach = [.. Enumerable.Repeat(0, 65), 2, 2, .. Enumerable.Repeat(0, 189), 2, 2]; // A, B, end, length 3

    [Fact]
    public void Matches_OfEveryDistance_AreCopied()
    {
        byte[] begin = new byte[32_768];
        new Random(3).NextBytes(begin);
        var content = new List<byte>(begin);
        DeflateBits bits = new DeflateBits().Fixed().Literals(begin);
        for (int distance = 1; distance <= 32_768; distance++)
        {
            int length = 3 + (distance % 256);
            bits.Match(distance, length);
            for (int i = 0; i < length; i++) { content.Add(content[^distance]); }
        }

        AssertContent([.. content], bits.End().Member([.. content]), [1 << 16, 5000, 1 << 23]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(300)]
    public void Matches_OfEveryLength_AreCopied(int distance)
    {
        byte[] begin = new byte[distance];
        new Random(distance).NextBytes(begin);
        var content = new List<byte>(begin);
        DeflateBits bits = new DeflateBits().Fixed().Literals(begin);
        for (int length = 3; length <= 258; length++)
        {
            bits.Match(distance, length).Symbol(length & 0xFF);
            for (int i = 0; i < length; i++) { content.Add(content[^distance]); }
            content.Add((byte)length);
        }

        AssertContent([.. content], bits.End().Member([.. content]), [1, 3, 100, 999, 1 << 16]);
    }

    [Fact]
    public void Codes_OfUpTo15Bits_AreDecoded()
    {
        // Lengths 1 to 14 once and 15 twice: the longest codewords lead far into second tables.
        int[] symbols = new int[286];
        int[] used = [256, 65, 66, 67, 0, 255, 257, 264, 265, 270, 277, 280, 284, 285, 97, 98];
        for (int i = 0; i < used.Length; i++) { symbols[used[i]] = Math.Min(15, used.Length - 1 - i + (i == 0 ? 0 : 1)); }
        int[] distances = [15, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
        var random = new Random(5);
        var content = new List<byte>();
        DeflateBits bits = new DeflateBits().Dynamic(symbols, distances);
        for (int i = 0; i < 20_000; i++)
        {
            int literal = new[] { 65, 66, 67, 0, 255, 97, 98 }[random.Next(7)];
            if (content.Count < 300 || random.Next(2) == 0)
            {
                bits.Symbol(literal);
                content.Add((byte)literal);
                continue;
            }

            int distance = random.Next(1, 257);
            int length = new[] { 3, 10, 11, 12, 23, 26, 67, 82, 115, 130, 227, 257, 258 }[random.Next(13)];
            bits.Match(distance, length);
            for (int at = 0; at < length; at++) { content.Add(content[^distance]); }
        }

        AssertContent([.. content], bits.End().Member([.. content]), [1, 1000, 1 << 16]);
    }

    [Fact]
    public void Blocks_OfAllKinds_FollowEachOther()
    {
        byte[] content = [.. "abcdefgh"u8, .. "XYZ"u8, .. "AB"u8, .. "AAAA"u8, .. "q"u8];
        DeflateBits bits = new DeflateBits().Fixed(isLast: false).Literals("abcdefgh"u8).End();
        bits.Bits(0, 3).Align().Bits(3, 16).Bits(0xFFFC, 16).Bits('X', 8).Bits('Y', 8).Bits('Z', 8);
        bits.Bits(0, 3).Align().Bits(0, 16).Bits(0xFFFF, 16); // stored and empty
        bits.Dynamic(OneBitEach, [1], isLast: false).Symbol(65).Symbol(66).Symbol(65).Symbol(257).Distance(0).End();
        byte[] file = bits.Fixed().Literals("q"u8).End().Member(content);

        AssertContent(content, file, [1, 2, 1 << 16]);
    }

    [Fact]
    public void Distance_BeforeTheBeginning_IsDamage()
    {
        for (int begin = 0; begin < 700; begin += 13)
        {
            byte[] file = new DeflateBits().Fixed().Literals(new byte[begin]).Match(begin + 1, 100).Literals(new byte[600]).End().Member(new byte[begin + 700]);
            Assert.True(AssertAlike(file), $"{begin}");
            Assert.True(Gunzip.Ours(file, 10).IsDamaged, $"{begin}");
            Assert.True(Gunzip.Ours(new Slices(file, [1])).IsDamaged, $"{begin}");
        }
    }

    [Fact]
    public void Distance_IntoTheMemberBefore_IsDamage()
    {
        byte[] first = new DeflateBits().Fixed().Literals(new byte[500]).End().Member(new byte[500]);
        byte[] second = new DeflateBits().Fixed().Literals(new byte[20]).Match(21, 100).End().Member(new byte[120]);

        Assert.True(AssertAlike([.. first, .. second]));
    }

    public static TheoryData<string, bool> Heads => new()
    {
        { "valid", false },
        { "a block of type 3", true },
        { "a stored length that contradicts itself", true },
        { "287 symbols", true },
        { "31 distances", true },
        { "no code of code lengths", true },
        { "one code length only", true },
        { "code lengths over-subscribed", true },
        { "code lengths incomplete", true },
        { "run at the beginning", true },
        { "run past the end", true },
        { "no end of block", true },
        { "symbols over-subscribed", true },
        { "symbols incomplete", true },
        { "only the end, of one bit", false },
        { "only the end, of two bits", true },
        { "only the end, the other codeword", true },
        { "distances over-subscribed", true },
        { "distances incomplete", true },
        { "one distance of one bit", false },
        { "one distance, the other codeword", true },
        { "one distance of two bits", true },
        { "no distance, unused", false },
        { "no distance, used", true },
        { "fixed symbol 286", true },
        { "fixed symbol 287", true },
        { "fixed distance 30", true },
        { "fixed distance 31", true },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Block_AtTheLimitsOfItsHead_IsJudgedAsGZipStreamDoes(string what, bool isDamaged)
    {
        // With many bytes behind it, with few, and in single bytes: each takes another way through the decoder.
        byte[] few = Made(what).Member("AAAA"u8);
        byte[] many = [.. few, .. new byte[400]];

        Assert.Equal(isDamaged, AssertAlike(few));
        Assert.Equal(isDamaged, AssertAlike(many));
        Assert.Equal(isDamaged, Gunzip.Ours(new Slices(few, [1])).IsDamaged);
        if (!isDamaged) { Assert.Equal(Gunzip.Theirs(few).Content, Gunzip.Ours(new Slices(few, [1]), 1).Content); }
    }

    private static DeflateBits Made(string what)
    {
        var bits = new DeflateBits();
        switch (what)
        {
            case "valid": return bits.Dynamic(OneBitEach, [1, 1]).Symbol(65).Symbol(257).Distance(0).End();
            case "a block of type 3": return bits.Bits(7, 3).Bits(0, 13);
            case "a stored length that contradicts itself": return bits.Bits(1, 3).Align().Bits(4, 16).Bits(0xFFFA, 16).Bits(0, 32);
            case "287 symbols": return bits.Dynamic([.. OneBitEach, .. new int[29]], [1, 1]).Symbol(65).Symbol(65).Symbol(65).Symbol(65).End();
            case "31 distances": return bits.Dynamic(OneBitEach, [1, 1, .. new int[29]]).Symbol(65).Symbol(65).Symbol(65).Symbol(65).End();
            case "no code of code lengths": return bits.Head(257, 1).OwnLengths(new int[19]).Bits(0, 32);
            case "one code length only": return bits.Head(257, 1).OwnLengths([1, .. new int[18]]).Bits(0, 32);
            case "code lengths over-subscribed": return bits.Head(257, 1).OwnLengths([1, 1, 1, .. new int[16]]).Bits(0, 32);
            case "code lengths incomplete": return bits.Head(257, 1).OwnLengths([2, 2, 2, .. new int[16]]).Bits(0, 32);
            case "run at the beginning": return bits.Head(257, 1).OwnLengths([2, 2, 2, .. new int[13], 2, 0, 0]).Bits(3, 2).Bits(0, 32);
            case "run past the end":
                bits.Head(257, 1).OwnLengths([2, 2, 2, .. new int[15], 2]); // 0: 00, 1: 01, 2: 10, 18: 11
                return bits.Bits(3, 2).Bits(127, 7).Bits(3, 2).Bits(107, 7).Reversed(1, 2).Bits(3, 2).Bits(0, 7).Bits(0, 32);
            case "no end of block": return bits.Dynamic([.. Enumerable.Repeat(0, 65), 1, 1, .. new int[190]], [1, 1]).Symbol(65).Bits(0, 32);
            case "symbols over-subscribed": return bits.Dynamic([.. OneBitEach, 1], [1, 1]).Bits(0, 32);
            case "symbols incomplete": return bits.Dynamic([.. OneBitEach[..^1], 3], [1, 1]).Bits(0, 32);
            case "only the end, of one bit": return Empty(bits.Dynamic([.. new int[256], 1], [1, 1], isLast: false).End());
            case "only the end, of two bits": return Empty(bits.Dynamic([.. new int[256], 2], [1, 1], isLast: false).End());
            case "only the end, the other codeword": return Empty(bits.Dynamic([.. new int[256], 1], [1, 1], isLast: false).Bits(1, 1));
            case "distances over-subscribed": return bits.Dynamic(OneBitEach, [1, 1, 1]).Bits(0, 32);
            case "distances incomplete": return bits.Dynamic(OneBitEach, [1, 2]).Symbol(65).Symbol(257).Distance(0).End();
            case "one distance of one bit": return bits.Dynamic(OneBitEach, [1]).Symbol(65).Symbol(257).Distance(0).End();
            case "one distance, the other codeword": return bits.Dynamic(OneBitEach, [1]).Symbol(65).Symbol(257).Bits(1, 1).End();
            case "one distance of two bits": return bits.Dynamic(OneBitEach, [2]).Symbol(65).Symbol(257).Distance(0).End();
            case "no distance, unused": return bits.Dynamic(OneBitEach, [0]).Symbol(65).Symbol(65).Symbol(65).Symbol(65).End();
            case "no distance, used": return bits.Dynamic(OneBitEach, [0]).Symbol(65).Symbol(257).Bits(0, 1).End();
            case "fixed symbol 286" or "fixed symbol 287": return bits.Fixed().Symbol(65).Symbol(what[^1] - '0' + 280).Distance(0).End();
            default: return bits.Fixed().Symbol(65).Symbol(257).Distance(what[^1] - '0' + 30).End();
        }

        static DeflateBits Empty(DeflateBits first) => first.Fixed().Literals("AAAA"u8).End();
    }

    private static void AssertContent(byte[] content, byte[] file, int[] memories)
    {
        Assert.False(Gunzip.Theirs(file).IsDamaged);
        foreach (int memory in memories)
        {
            Gunzip read = Gunzip.Ours(file, memory);
            Assert.False(read.IsDamaged, $"{memory}");
            Assert.True(content.AsSpan().SequenceEqual(read.Content), $"{memory}");
        }

        Assert.True(content.AsSpan().SequenceEqual(Gunzip.Ours(new Slices(file, [1])).Content));
    }

    private static bool AssertAlike(byte[] file)
    {
        (Gunzip theirs, Gunzip ours) = (Gunzip.Theirs(file), Gunzip.Ours(file));
        Assert.Equal(theirs.IsDamaged, ours.IsDamaged);
        Assert.True(ours.IsDamaged || theirs.Content.AsSpan().SequenceEqual(ours.Content));
        return ours.IsDamaged;
    }
}

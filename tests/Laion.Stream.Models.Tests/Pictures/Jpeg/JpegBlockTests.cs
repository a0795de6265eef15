using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>The fast readers of blocks give what the standard's procedures give, whatever the codes and the bits, right or wrong.</summary>
public sealed class JpegBlockTests
{
    private const int Files = 1_500;

    [Fact]
    public void ReadSequential_AnyCodesAndBits_EqualsTheProcedure()
    {
        var random = new Random(21);
        for (int i = 0; i < Files; i++)
        {
            PlainCode dc = PlainCode.Make(random, dc: true, source => (byte)source.Next(16)), ac = AcCode(random);
            (byte[] data, PlainBlocks plain) = Data(random);
            BitState state = default;
            int prediction = 0, expectedPrediction = 0;
            for (int block = 0; block < 4; block++)
            {
                var group = new short[ZigZag.GroupSize];
                var expected = new short[64];
                BlockFault before = plain.Fault;
                BlockFault fault = BlockReader.ReadSequential(ref state, ref data[0], dc.Table, ac.Table, ref group[ZigZag.BlockStart(block)], ref prediction);
                plain.Sequential(dc, ac, expected, ref expectedPrediction);
                Assert.Equal(expected, Coefficients(group, block));
                Assert.Equal((plain.Position, expectedPrediction, plain.Fault), (state.Consumed, prediction, before | fault));
            }
        }
    }

    [Theory]
    [InlineData(1, 63)]
    [InlineData(1, 5)]
    [InlineData(6, 63)]
    [InlineData(63, 63)]
    public void ReadBands_AnyCodesAndBits_EqualsTheProcedure(int first, int last)
    {
        var random = new Random(22 + first + last);
        for (int i = 0; i < Files; i++)
        {
            var group = new short[ZigZag.GroupSize];
            var expected = new short[64];
            ulong mask = 0;
            int low = random.Next(1, 4), block = random.Next(4), endOfBands = 0, expectedEnd = 0;
            for (int scan = 0; low >= 0; scan++, low--, endOfBands = expectedEnd = random.Next(4) == 0 ? random.Next(3) : 0)
            {
                var header = new JpegScan([], first, last, scan == 0 ? 0 : low + 1, low, 0, 0);
                PlainCode ac = scan == 0 ? AcCode(random) : PlainCode.Make(random, dc: false, Refinement);
                (byte[] data, PlainBlocks plain) = Data(random);
                BitState state = default;
                ref short at = ref group[ZigZag.BlockStart(block)];
                BlockFault fault;
                if (scan == 0)
                {
                    (endOfBands, expectedEnd) = (0, 0);
                    fault = BlockReader.ReadAcFirst(ref state, ref data[0], ac.Table, ref at, ref mask, header, ref endOfBands);
                    plain.First(ac, expected, header, ref expectedEnd);
                }
                else
                {
                    fault = RefinementReader.Read(ref state, ref data[0], ac.Table, ref at, ref mask, header, ref endOfBands);
                    plain.Refine(ac, expected, header, ref expectedEnd);
                }

                Assert.Equal(expected, Coefficients(group, block));
                Assert.Equal((plain.Position, expectedEnd, plain.Fault), (state.Consumed, endOfBands, fault));
                Assert.Equal(Marks(expected), mask);
            }
        }
    }

    private static PlainCode AcCode(Random random) => PlainCode.Make(random, dc: false, source => source.Next(12) switch
    {
        0 => 0,
        1 => 0xF0,
        2 => (byte)source.Next(256),
        _ => (byte)((source.Next(3) << 4) | source.Next(1, 9)),
    });

    private static byte Refinement(Random random) => random.Next(12) switch
    {
        0 => (byte)(random.Next(15) << 4),
        1 => 0xF0,
        2 => (byte)random.Next(256),
        _ => (byte)((random.Next(6) << 4) | 1),
    };

    private static (byte[] Data, PlainBlocks Plain) Data(Random random)
    {
        var bytes = new byte[random.Next(1, 300)];
        random.NextBytes(bytes);
        return ([.. bytes, .. new byte[EntropyData.Padding]], new PlainBlocks(bytes));
    }

    private static short[] Coefficients(short[] group, int block) =>
        [.. Enumerable.Range(0, 64).Select(k => group[ZigZag.BlockStart(block) + ZigZag.Offsets[k]])];

    private static ulong Marks(short[] coefficients)
    {
        ulong marks = 0;
        for (int k = 0; k < 64; k++) { marks |= coefficients[k] != 0 ? 1UL << (63 - k) : 0; }
        return marks;
    }
}

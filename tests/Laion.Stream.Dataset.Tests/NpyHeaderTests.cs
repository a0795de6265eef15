using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LaionStream.Dataset.Vectors;

namespace LaionStream.Dataset.Tests;

public sealed class NpyHeaderTests
{
    [Fact]
    public void Make_SmallMatrix_IsWhatNumpyWrites()
    {
        // numpy 1.24: np.save(f, np.zeros((3, 2), '<f2')), the first 128 bytes.
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0,
            .. Encoding.ASCII.GetBytes("{'descr': '<f2', 'fortran_order': False, 'shape': (3, 2), }".PadRight(117)), (byte)'\n'];

        Assert.Equal(expected, NpyHeader.Make(3, 2));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 512)]
    [InlineData(10_000, 768)]
    [InlineData(999_999_999_999_999_999, 999_999_999)]
    public void Parse_OutputOfMake_RoundTrips(long rows, int width) => Assert.Equal((rows, width), NpyHeader.Parse(NpyHeader.Make(rows, width)));

    [Theory]
    [InlineData(1, 512)]
    [InlineData(1_000_000, 1024)]
    public void Make_AnyMatrix_EmbeddingReaderFindsTypeShapeAndData(long rows, int width)
    {
        // The rules of embedding_reader's NumpyReader: regular expressions on the first line of the first 300 bytes; the data starts after it.
        byte[] file = [.. NpyHeader.Make(rows, width), .. new byte[200]];
        string first = Encoding.Latin1.GetString(file, 0, 300);
        string line = first[..first.IndexOf('\n', StringComparison.Ordinal)];

        Match shape = Regex.Match(line, @"'shape': \(([0-9]+), ([0-9]+)\)");
        Assert.Equal((rows, width),
            (long.Parse(shape.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(shape.Groups[2].Value, CultureInfo.InvariantCulture)));
        Assert.Equal("<f2", Regex.Match(line, "'descr': '([<f0-9]+)'").Groups[1].Value);
        Assert.Equal(NpyHeader.Bytes, line.Length + 1);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }")]
    [InlineData("{'descr': '<f2', 'fortran_order': True, 'shape': (3, 2), }")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (3, 2, 1), }")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (99999999999999999999, 2), }")]
    [InlineData("")]
    public void Parse_AnotherMatrix_IsNone(string dictionary)
    {
        byte[] head = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(dictionary.PadRight(117)), (byte)'\n'];

        Assert.Null(NpyHeader.Parse(head));
    }

    [Fact]
    public void Parse_CutOrOtherBytes_IsNone()
    {
        byte[] head = NpyHeader.Make(3, 2);

        Assert.Null(NpyHeader.Parse(head.AsSpan(0, 127)));
        Assert.Null(NpyHeader.Parse([]));
        for (int i = 0; i < 64; i++)
        {
            byte[] other = [.. head];
            other[i] ^= 0x80;
            Assert.Null(NpyHeader.Parse(other));
        }
    }
}

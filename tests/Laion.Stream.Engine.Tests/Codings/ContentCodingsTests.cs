using LaionStream.Engine.Codings;
using LaionStream.Engine.Tests.Download.Fetching;

namespace LaionStream.Engine.Tests.Codings;

public sealed class ContentCodingsTests
{
    public static TheoryData<string> Names =>
        ["gzip", "zlib", "deflate", "br", "zstd", "br gzip", "gzip gzip", "zlib gzip", "deflate deflate zlib", "br zstd gzip"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task TakeOff_CodedBodyCutAnywhere_IsDamaged(string applied)
    {
        byte[] plain = new byte[600];
        new Random(1).NextBytes(plain);
        byte[] coded = applied.Split(' ').Aggregate(plain, (body, coding) => Coder.Apply(coding, body));
        IReadOnlyList<ContentCoding> codings =
            ContentCodings.Parse([string.Join(',', applied.Split(' ')).Replace("zlib", "deflate", StringComparison.Ordinal)]);

        Assert.Equal(plain, Decode(coded, codings));
        Assert.Equal(plain, await DecodeAsync(coded, codings));
        // bytes after the end are ignored
        if (!applied.EndsWith("zstd", StringComparison.Ordinal)) { Assert.Equal(plain, Decode([.. coded, .. new byte[50]], codings)); }
        // the outer coding's last bytes are not read once the inner data are complete
        int end = codings.Count > 1 ? coded.Length - (10 * codings.Count) : coded.Length;
        for (int length = 1; length < end; length++)
        {
            byte[] cut = coded[..length];
            Exception damage = Assert.ThrowsAny<Exception>(() => Decode(cut, codings));
            Assert.True(ContentCodings.IsDamage(damage), damage.ToString());
        }
    }

    [Theory]
    [InlineData("gzip", "Gzip")]
    [InlineData("X-GZip , DEFLATE", "Deflate Gzip")]
    [InlineData("br\tgzip zstd", "Zstd Gzip Brotli")]
    [InlineData("gzip;deflate;br", "Brotli Deflate Gzip")] // three lines
    [InlineData("identity, none,utf-8,,binary;gzip", "Gzip")]
    [InlineData("gzipped, x-deflate, brotli, compress, *", "")]
    [InlineData("", "")]
    public void Parse_LinesOfNames_LastAppliedIsRemovedFirst(string lines, string expected) =>
        Assert.Equal(expected, string.Join(' ', ContentCodings.Parse(lines.Split(';'))));

    [Fact]
    public void TakeOff_BombBelowAnotherCoding_EndsAtTheCap()
    {
        byte[] bomb = Coder.Gzip(Coder.Gzip(Coder.Gzip(new byte[1 << 28]))); // 256 MiB; its second form is 255 KiB
        var counted = new MemoryStream(bomb);

        Assert.Throws<BodyTooLargeException>(() => Decode(Coder.Gzip(Coder.Gzip(new byte[1 << 26])), [ContentCoding.Gzip, ContentCoding.Gzip], most: 1 << 10));
        using Stream body = ContentCodings.TakeOff(counted, [ContentCoding.Gzip, ContentCoding.Gzip, ContentCoding.Gzip], 1 << 20);
        Assert.Equal(1000, body.ReadAtLeast(new byte[1000], 1000)); // the reader limits the last form
    }

    [Fact]
    public void Open_ZstdWithAHugeWindow_IsDamage()
    {
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA0, 0x01, 0x00, 0x00]; // a window of 1 GiB, one empty raw block

        Exception damage = Assert.ThrowsAny<Exception>(() => Decode(frame, [ContentCoding.Zstd]));

        Assert.True(ContentCodings.IsDamage(damage), damage.ToString());
    }

    private static byte[] Decode(byte[] coded, IReadOnlyList<ContentCoding> codings, long most = 1 << 20)
    {
        using Stream body = ContentCodings.TakeOff(new MemoryStream(coded), codings, most);
        using var plain = new MemoryStream();
        body.CopyTo(plain);
        return plain.ToArray();
    }

    private static async Task<byte[]> DecodeAsync(byte[] coded, IReadOnlyList<ContentCoding> codings)
    {
        await using Stream body = ContentCodings.TakeOff(new MemoryStream(coded), codings, 1 << 20);
        using var plain = new MemoryStream();
        await body.CopyToAsync(plain);
        return plain.ToArray();
    }
}

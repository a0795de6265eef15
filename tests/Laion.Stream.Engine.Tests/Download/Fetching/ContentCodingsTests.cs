using System.IO.Compression;
using LaionStream.Engine.Download.Fetching;

namespace LaionStream.Engine.Tests.Download.Fetching;

public sealed class ContentCodingsTests
{
    public static TheoryData<string> Names => ["gzip", "br", "two codings"];

    [Theory]
    [MemberData(nameof(Names))]
    public void TakeOff_CodedBodyCutAnywhere_IsDamaged(string name)
    {
        (ContentCoding[] codings, byte[] coded, byte[] plain) = Make(name);

        Assert.Equal(plain, Decode(coded, codings));
        Assert.Equal(plain, Decode([.. coded, .. new byte[50]], codings)); // bytes after the end of the coded data are ignored
        int end = codings.Length > 1 ? coded.Length - 10 : coded.Length; // the outer coding's last bytes are not asked for once the inner data are whole
        for (int length = 1; length < end; length++)
        {
            byte[] cut = coded[..length];
            Assert.Throws<InvalidDataException>(() => Decode(cut, codings));
        }
    }

    private static (ContentCoding[] Codings, byte[] Coded, byte[] Plain) Make(string name)
    {
        byte[] plain = new byte[600];
        new Random(1).NextBytes(plain);
        return name.Split(' ') switch
        {
            ["br", ..] => ([ContentCoding.Brotli], Code(plain, ContentCoding.Brotli), plain),
            ["two", ..] => ([ContentCoding.Gzip, ContentCoding.Brotli], Code(Code(plain, ContentCoding.Brotli), ContentCoding.Gzip), plain),
            _ => ([ContentCoding.Gzip], Code(plain, ContentCoding.Gzip), plain),
        };
    }

    private static byte[] Code(byte[] plain, ContentCoding coding)
    {
        using var coded = new MemoryStream();
        using (Stream coder = coding == ContentCoding.Gzip ? new GZipStream(coded, CompressionLevel.Optimal) : new BrotliStream(coded, CompressionLevel.Optimal)) { coder.Write(plain); }
        return coded.ToArray();
    }

    private static byte[] Decode(byte[] coded, ContentCoding[] codings)
    {
        using Stream body = ContentCodings.TakeOff(new MemoryStream(coded), codings);
        using var plain = new MemoryStream();
        body.CopyTo(plain);
        return plain.ToArray();
    }
}

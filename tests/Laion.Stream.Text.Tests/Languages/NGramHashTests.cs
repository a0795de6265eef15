using System.Text;
using LaionStream.Text.Languages;

namespace LaionStream.Text.Tests.Languages;

public sealed class NGramHashTests
{
    // models/cld3/cld3-weights.md, section 5.
    [Theory]
    [InlineData("a", 0x59f316c0u)]
    [InlineData("$", 0xbda9da98u)]
    [InlineData("^a", 0xc33c4158u)]
    [InlineData("the", 0x04924c19u)]
    [InlineData("^the", 0xebc6602au)]
    [InlineData("ñ", 0xd20fb10bu)]
    [InlineData("日", 0xa21294beu)]
    [InlineData("日本", 0x2b20847bu)]
    [InlineData("hello", 0xc1267ad5u)]
    [InlineData("привет", 0x1384c8d8u)]
    public void Of_KnownKey_GivesKnownHash(string key, uint hash)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        Assert.Equal(hash, NGramHash.Of(bytes));
        uint packed = 0;
        for (int i = Math.Min(bytes.Length, 4) - 1; i >= 0; i--)
        {
            packed = (packed << 8) | bytes[i];
        }

        Assert.True(bytes.Length > 4 || hash == (bytes.Length == 4 ? NGramHash.OfFour(packed) : NGramHash.OfShort(packed, (uint)bytes.Length)));
    }
}

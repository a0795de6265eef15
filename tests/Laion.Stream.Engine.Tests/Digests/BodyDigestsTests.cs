using System.Security.Cryptography;
using LaionStream.Engine.Digests;

namespace LaionStream.Engine.Tests.Digests;

public sealed class BodyDigestsTests
{
    [Fact]
    public void Digests_OfBytes_AreThePlatforms()
    {
        byte[] bytes = "a picture"u8.ToArray();

        var digests = new BodyDigests(bytes);

        Assert.Equal(MD5.HashData(bytes), digests.Md5);
        Assert.Equal(SHA1.HashData(bytes), digests.Sha1);
        Assert.Equal(SHA256.HashData(bytes), digests.Sha256);
        Assert.Equal(SHA512.HashData(bytes), digests.Sha512);
    }

    [Fact]
    public void Digest_AskedForAgain_IsNotComputedAgain()
    {
        byte[] bytes = "a picture"u8.ToArray();
        byte[] first = MD5.HashData(bytes);
        var digests = new BodyDigests(bytes);
        Assert.Equal(first, digests.Md5);

        bytes[0]++; // a digest that was computed again would differ

        Assert.Equal(first, digests.Md5);
        Assert.Equal(SHA1.HashData(bytes), digests.Sha1);
    }
}

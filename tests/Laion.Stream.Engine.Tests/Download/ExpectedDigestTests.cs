using System.Security.Cryptography;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download;

namespace LaionStream.Engine.Tests.Download;

public sealed class ExpectedDigestTests
{
    private static readonly byte[] Body = "a picture"u8.ToArray();

    public static TheoryData<string, bool> Cases => new()
    {
        { Convert.ToHexStringLower(MD5.HashData(Body)), true },
        { Convert.ToHexString(SHA256.HashData(Body)), true },
        { $" {Convert.ToHexStringLower(SHA512.HashData(Body))}\n", true },
        { Convert.ToHexStringLower(SHA256.HashData("another"u8)), false },
        { Convert.ToHexStringLower(SHA1.HashData(Body)), false },
        { Convert.ToHexStringLower(SHA384.HashData(Body)), false },
        { Convert.ToBase64String(SHA256.HashData(Body)), false },
        { Convert.ToHexStringLower(MD5.HashData(Body))[1..], false },
        { Convert.ToHexStringLower(MD5.HashData(Body))[2..] + "zz", false },
        { new string('a', 10_000), false },
        { "", false },
        { "null", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_DigestsByTheirLength(string expected, bool matches) => Assert.Equal(matches, ExpectedDigest.Matches(expected, new BodyDigests(Body)));
}

using System.Security.Cryptography;
using LaionStream.Engine.Digests;

namespace LaionStream.Engine.Tests.Digests;

public sealed class Md5LanesTests
{
    [Fact]
    public void Hash_EveryLength_IsThePlatforms()
    {
        byte[] bytes = new byte[300];
        new Random(1).NextBytes(bytes);
        ReadOnlyMemory<byte>[] messages = [.. Enumerable.Range(0, bytes.Length + 1).Select(length => bytes.AsMemory(bytes.Length - length))];

        AssertSame(messages);
        foreach (ReadOnlyMemory<byte>[] few in messages.Chunk(7)) { AssertSame(few); }
    }

    [Fact]
    public void Hash_AnyNumberOfAnyLength_IsThePlatforms()
    {
        var random = new Random(2);
        for (int count = 0; count <= 40; count++)
        {
            AssertSame([.. Enumerable.Range(0, count).Select(_ =>
            {
                byte[] message = new byte[random.Next(4) == 0 ? random.Next(70) : random.Next(20_000)];
                random.NextBytes(message);
                return new ReadOnlyMemory<byte>(message);
            })]);
        }
    }

    private static void AssertSame(ReadOnlyMemory<byte>[] messages) =>
        Assert.Equal(messages.Select(message => Convert.ToHexString(MD5.HashData(message.Span))), Md5Lanes.Hash(messages).Select(Convert.ToHexString));
}

using System.Security.Cryptography;
using LaionStream.Engine.Digests;

namespace LaionStream.Engine.Tests.Digests;

public sealed class WaitingDigestsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Md5_OfThoseThatWaitTogether_IsThePlatformsForEachThread(int threads)
    {
        var waiting = new WaitingDigests();
        byte[][] bodies = Bodies(400);
        BodyDigests[] digests = [.. bodies.Select(body => Waiting(body, waiting))];
        int next = -1;

        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (int i = Interlocked.Increment(ref next); i < digests.Length; i = Interlocked.Increment(ref next))
            {
                if (i % 9 == 0) { digests[i].Abandon(); }
                else { Assert.Equal(MD5.HashData(bodies[i]), digests[i].Md5); }
            }
        }))).WaitAsync(TimeSpan.FromMinutes(1));

        for (int i = 0; i < digests.Length; i++)
        {
            if (i % 9 != 0) { Assert.Equal(MD5.HashData(bodies[i]), digests[i].Md5); }
        }

        Assert.Equal(MD5.HashData(bodies[0]), Waiting(bodies[0], waiting).Md5);
        Assert.Equal(0, waiting.Count); // what is done or abandoned is not kept
    }

    [SkippableFact]
    public void Md5_ComputedWithAnothers_IsNotComputedAgain()
    {
        Skip.IfNot(Md5Lanes.IsFaster, "Several are not computed at once on this machine.");
        var waiting = new WaitingDigests();
        byte[][] bodies = Bodies(WaitingDigests.Most + 1);
        byte[][] expected = [.. bodies.Select(body => MD5.HashData(body))];
        BodyDigests[] digests = [.. bodies.Select(body => Waiting(body, waiting))];

        Assert.Equal(expected[3], digests[3].Md5);
        foreach (byte[] body in bodies) { Array.Clear(body); } // a digest that was computed again would differ

        for (int i = 0; i < WaitingDigests.Most; i++) { Assert.Equal(expected[i], digests[i].Md5); }
        Assert.NotEqual(expected[^1], digests[^1].Md5.ToArray());
    }

    [Fact]
    public void Add_NoPictureDecodes_KeepsOnlyThoseInFlight()
    {
        var waiting = new WaitingDigests();
        var inFlight = new Queue<BodyDigests>();
        for (int i = 0; i < 10_000; i++)
        {
            inFlight.Enqueue(Waiting([1, 2, 3], waiting));
            if (inFlight.Count == 16) { inFlight.Dequeue().Abandon(); }
            Assert.InRange(waiting.Count, 0, 17);
        }

        Assert.All(inFlight, one => Assert.Equal(3, one.Bytes.Length));
        inFlight.Peek().Abandon();
        Assert.True(inFlight.Peek().Bytes.IsEmpty); // the body's memory is not kept
        Assert.Throws<ObjectDisposedException>(() => inFlight.Peek().Md5.Length);
        Assert.Throws<ObjectDisposedException>(() => inFlight.Peek().Sha256.Length);
    }

    [Fact]
    public void Md5_ThreadThatHadItFailed_IsComputedByItsOwn()
    {
        byte[] body = Bodies(1)[0];
        BodyDigests digests = Waiting(body, new WaitingDigests());

        Assert.True(digests.TryTake());
        digests.Finish(null);

        Assert.Equal(MD5.HashData(body), digests.Md5);
    }

    private static BodyDigests Waiting(byte[] body, WaitingDigests waiting)
    {
        var digests = new BodyDigests(body);
        digests.WaitIn(waiting);
        return digests;
    }

    private static byte[][] Bodies(int count)
    {
        var random = new Random(count);
        byte[][] bodies = [.. Enumerable.Range(0, count).Select(_ => new byte[1 + random.Next(30_000)])];
        foreach (byte[] body in bodies) { random.NextBytes(body); }
        return bodies;
    }
}

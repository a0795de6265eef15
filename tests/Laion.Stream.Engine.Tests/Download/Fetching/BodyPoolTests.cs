using LaionStream.Engine.Download.Fetching;

namespace LaionStream.Engine.Tests.Download.Fetching;

public sealed class BodyPoolTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(140_000)]
    [InlineData(4_194_304)]
    [InlineData(9_000_000)]
    public void Rent_AnySize_IsLargeEnough(int bytes)
    {
        for (int i = 0; i < 3; i++)
        {
            byte[] buffer = BodyPool.Rent(bytes);
            Assert.InRange(buffer.Length, bytes, Math.Max(16, 2 * bytes));
            BodyPool.Return(buffer);
        }
    }

    [Fact]
    public async Task Rent_FromSeveralThreads_GivesNoBufferTwice()
    {
        await Task.WhenAll(Enumerable.Range(1, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            var held = new Queue<byte[]>();
            for (int i = 0; i < 3_000; i++)
            {
                byte[] buffer = BodyPool.Rent(random.Next(1, 300_000));
                buffer[0] = (byte)worker;
                held.Enqueue(buffer);
                if (held.Count < 12) { continue; }

                byte[] oldest = held.Dequeue();
                Assert.Equal(worker, oldest[0]);
                BodyPool.Return(oldest);
            }

            foreach (byte[] buffer in held) { BodyPool.Return(buffer); }
        })));
    }
}

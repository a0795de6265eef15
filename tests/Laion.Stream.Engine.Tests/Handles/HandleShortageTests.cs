using System.Net.Sockets;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Tests.Handles;

public sealed class HandleShortageTests
{
    public static TheoryData<Exception, bool> Errors => new()
    {
        { new SocketException((int)SocketError.TooManyOpenSockets), true },
        { new SocketException((int)SocketError.NoBufferSpaceAvailable), true },
        { new HttpRequestException("x", new SocketException((int)SocketError.TooManyOpenSockets)), true },
        { new IOException("Too many open files", 24), true },
        { new IOException("Too many open files in system", 23), true },
        { new HttpRequestException("x", new HandleShortageException("y")), true },
        { new SocketException((int)SocketError.ConnectionRefused), false },
        { new SocketException((int)SocketError.HostUnreachable), false },
        { new IOException("x", new SocketException((int)SocketError.ConnectionReset)), false },
        { new IOException("No space left on device", 28), false },
        { new FileNotFoundException(), false },
        { new InvalidOperationException(), false },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void IsShortage_Error_IsDistinguishedFromOthers(Exception error, bool expected) => Assert.Equal(expected, HandleShortage.IsShortage(error));

    [Fact]
    public async Task Retry_ShortageThatEnds_OpensAfterwardsAndRequestsHandlesMeanwhile()
    {
        int asked = 0;
        void Ask() => Interlocked.Increment(ref asked);
        HandleShortage.Relieving += Ask;
        int left = 6;
        int Open() => left-- > 0 ? throw new IOException("Too many open files", 24) : 42;

        Assert.Equal(42, HandleShortage.Retry(() => left > 3 ? Open() : 42));
        Assert.Equal(42, await HandleShortage.RetryAsync(Open, default));
        HandleShortage.Relieving -= Ask;
        Assert.InRange(asked, 6, int.MaxValue);
    }

    [Fact]
    public void Retry_OtherErrorOrLastingShortage_IsThrown()
    {
        Assert.Throws<FileNotFoundException>(() => HandleShortage.Retry<int>(() => throw new FileNotFoundException()));
        Assert.Throws<IOException>(() => HandleShortage.Retry<int>(() => throw new IOException("Too many open files", 24), TimeSpan.FromMilliseconds(50)));
    }
}

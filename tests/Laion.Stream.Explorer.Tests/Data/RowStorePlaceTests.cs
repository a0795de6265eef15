using System.Net.Sockets;
using LaionStream.Explorer.Data;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Data;

public sealed class RowStorePlaceTests
{
    [Fact]
    public void Of_AFolderWhoseRowsAnotherProcessMakes_IsThatFolder()
    {
        using var world = new TempFolder();
        Directory.CreateDirectory(world.At("index", "rows"));
        using var held = new FileStream(world.At("index", "rows", "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Assert.Null(RowStorePlace.Of(world.Root));
    }

    /// <summary>As on a file system that is mounted to be read only, where the file is there but nobody holds it: no file can be opened through a socket's name.</summary>
    [SkippableFact]
    public void Of_AFolderWhoseLockCannotBeOpened_IsAmongTheUsersData()
    {
        Skip.If(OperatingSystem.IsWindows(), "A socket has no name there that could not be opened.");
        using var world = new TempFolder();
        Directory.CreateDirectory(world.At("index", "rows"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(world.At("index", "rows", "lock")));

        Assert.NotNull(RowStorePlace.Of(world.Root));
    }
}

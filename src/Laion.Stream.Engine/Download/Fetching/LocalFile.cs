using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Reads pictures of this machine.</summary>
internal static class LocalFile
{
    /// <summary>Reads one whole.</summary>
    /// <param name="picture">Where it is stored.</param>
    /// <param name="maxBytes">Most bytes.</param>
    /// <param name="bodies">Its bytes are reserved there before they are read.</param>
    /// <param name="abort">Ends the wait for them.</param>
    /// <returns>
    /// The bytes, or why there are none: too large, without a byte, or <see cref="DropReason.IncompleteBody"/> when the file does not exist, may not be read,
    /// breaks, or ends early.
    /// </returns>
    public static async ValueTask<Step<PooledBody>> ReadAsync(LocalPicture picture, long maxBytes, ByteBudget bodies, CancellationToken abort)
    {
        try
        {
            // Opening a pipe would wait for its writer for ever. It has no bytes, and neither has a device.
            long available = new FileInfo(picture.Path).Length - picture.Start;
            if (picture.Bytes is null && available == 0) { return DropReason.TooSmallBytes; }

            await using FileStream file = await HandleShortage.RetryAsync(() => Open(picture.Path), abort);
            return await ReadAsync(file, picture, maxBytes, bodies, abort);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !HandleShortage.IsShortage(e))
        {
            return DropReason.IncompleteBody;
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static async ValueTask<Step<PooledBody>> ReadAsync(
        FileStream file, LocalPicture picture, long maxBytes, ByteBudget bodies, CancellationToken abort)
    {
        long bytes = picture.Bytes ?? file.Length - picture.Start;
        if (bytes > maxBytes) { return DropReason.TooLarge; }
        if (bytes < 0 || picture.Start + bytes > file.Length) { return DropReason.IncompleteBody; }

        ByteLease lease = await bodies.ReserveAsync(bytes, abort);
        var body = new PooledBody(BodyPool.Rent((int)bytes), (int)bytes, lease);
        try
        {
            file.Position = picture.Start;
            await file.ReadExactlyAsync(System.Runtime.InteropServices.MemoryMarshal.AsMemory(body.Memory), abort);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }
}

using System.Globalization;
using System.Text;

namespace LaionStream.Dataset.Cutting;

/// <summary>Copies the samples of the rows that stay from a tar of ours, block by block: what stays keeps its bytes.</summary>
public static class TarCut
{
    private const int BlockBytes = 512;
    private const int EntriesOfASample = 3;
    private const int SizeAt = 124;
    private const int SizeBytes = 12;
    private const int KindAt = 156;

    /// <summary>Copies.</summary>
    /// <param name="path">A tar with three entries per row, in the order of the rows.</param>
    /// <param name="output">Receives the tar.</param>
    /// <param name="rows">The rows that stay.</param>
    /// <param name="end">Whether the end of the tar is written; others may follow otherwise.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="InvalidDataException">It is not such a tar.</exception>
    public static async Task CopyAsync(string path, Stream output, RowFilter rows, bool end, CancellationToken abort)
    {
        await using FileStream input = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 20);
        byte[] block = new byte[BlockBytes];
        byte[] buffer = new byte[1 << 16];
        for (long entry = 0; await ReadBlockAsync(input, block, abort); entry++)
        {
            long left = SizeOf(block, path);
            bool stays = rows.Keeps(entry / EntriesOfASample);
            if (stays) { await output.WriteAsync(block, abort); }
            for (left = (left + BlockBytes - 1) / BlockBytes * BlockBytes; left > 0;)
            {
                int read = (int)Math.Min(left, buffer.Length);
                await input.ReadExactlyAsync(buffer.AsMemory(0, read), abort);
                if (stays) { await output.WriteAsync(buffer.AsMemory(0, read), abort); }
                left -= read;
            }
        }

        if (end) { await output.WriteAsync(new byte[2 * BlockBytes], abort); }
    }

    /// <summary>Reads the head of the next entry; false at the end of the tar.</summary>
    private static async Task<bool> ReadBlockAsync(Stream input, byte[] block, CancellationToken abort)
    {
        int read = await input.ReadAtLeastAsync(block, BlockBytes, throwOnEndOfStream: false, abort);
        return read == BlockBytes && block.AsSpan().IndexOfAnyExcept((byte)0) >= 0;
    }

    private static long SizeOf(byte[] head, string path)
    {
        string size = Encoding.ASCII.GetString(head, SizeAt, SizeBytes).Trim('\0', ' ');
        bool isFile = head[KindAt] is (byte)'0' or 0 && size.Length > 0 && size.All(digit => digit is >= '0' and <= '7');
        return isFile ? Convert.ToInt64(size, 8) : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"'{path}' has an entry that is no file of ours."));
    }
}

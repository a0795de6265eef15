using System.Text;

namespace LaionStream.Explorer.Pictures;

/// <summary>Where each picture lies in a part's tar: its entries are three per row, the picture first, in the order of the rows.</summary>
internal sealed class TarPictures
{
    private const int Block = 512;
    private readonly (long Offset, int Bytes)[] _pictures;

    private TarPictures((long, int)[] pictures) => _pictures = pictures;

    /// <summary>How many bytes this takes in memory.</summary>
    public long Weight => _pictures.Length * 16L;

    /// <summary>Reads the heads of a tar's entries.</summary>
    /// <param name="path">The tar.</param>
    /// <param name="most">Most bytes of a picture; a larger one counts as none.</param>
    /// <param name="abort">Ends the reading.</param>
    /// <exception cref="InvalidDataException">It is not a tar.</exception>
    public static TarPictures Read(string path, int most, CancellationToken abort)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        long length = RandomAccess.GetLength(handle);
        var pictures = new List<(long, int)>();
        byte[] head = new byte[Block];
        string? key = null;
        for (long at = 0; at + Block <= length;)
        {
            abort.ThrowIfCancellationRequested();
            if (RandomAccess.Read(handle, head, at) < Block || head[0] == 0) { break; } // two blocks of zeros end a tar
            long size = SizeOf(head) ?? throw new InvalidDataException("A tar of the output is damaged.");
            (string entryKey, string extension) = NameOf(head);
            if (entryKey != key)
            {
                key = entryKey;
                pictures.Add((-1, 0));
            }

            if (extension is not ("txt" or "json") && size <= most) { pictures[^1] = (at + Block, (int)size); }
            at += Block + ((size + Block - 1) / Block * Block);
        }

        return new TarPictures([.. pictures]);
    }

    /// <summary>Reads a picture.</summary>
    /// <param name="path">The tar.</param>
    /// <param name="row">The row's position in the part.</param>
    /// <returns>Null when there is none.</returns>
    public byte[]? Read(string path, int row)
    {
        (long offset, int bytes) = row < _pictures.Length ? _pictures[row] : (-1, 0);
        if (offset < 0) { return null; }
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] picture = new byte[bytes];
        return RandomAccess.Read(handle, picture, offset) == bytes ? picture : null;
    }

    private static long? SizeOf(ReadOnlySpan<byte> head)
    {
        long size = 0;
        foreach (byte digit in head.Slice(124, 12))
        {
            if (digit is 0 or (byte)' ') { continue; }
            if (digit is < (byte)'0' or > (byte)'7') { return null; }
            size = (size * 8) + digit - '0';
        }

        return size;
    }

    private static (string Key, string Extension) NameOf(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> name = head[..100];
        int end = name.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (text, "") : (text[..dot], text[(dot + 1)..]);
    }
}

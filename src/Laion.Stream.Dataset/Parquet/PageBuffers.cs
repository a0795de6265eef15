namespace LaionStream.Dataset.Parquet;

/// <summary>The bytes of the page that is being read, shared by the columns of a file: pages are read one by one, and none of their bytes are kept.</summary>
internal sealed class PageBuffers
{
    private byte[] _packed = [];
    private byte[] _plain = [];

    /// <summary>Memory for a page as stored in the file.</summary>
    public Memory<byte> Packed(int length) => Of(ref _packed, length);

    /// <summary>Memory for a decompressed page.</summary>
    public Memory<byte> Plain(int length) => Of(ref _plain, length);

    private static Memory<byte> Of(ref byte[] buffer, int length)
    {
        if (buffer.Length < length) { buffer = new byte[length + (length / 8)]; }
        return buffer.AsMemory(0, length);
    }
}

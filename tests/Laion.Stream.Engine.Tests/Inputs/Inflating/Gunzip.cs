using System.IO.Compression;
using LaionStream.Engine.Inputs.Inflating;

namespace LaionStream.Engine.Tests.Inputs.Inflating;

/// <summary>What a gzip decoder makes of a file.</summary>
/// <param name="Content">The bytes that it returned.</param>
/// <param name="IsDamaged">Whether it then threw <see cref="InvalidDataException"/>.</param>
internal sealed record Gunzip(byte[] Content, bool IsDamaged)
{
    public static Gunzip Ours(Stream file, int memory = 1 << 16, int most = int.MaxValue) => Read(new GunzipStream(file), memory, most);

    public static Gunzip Ours(byte[] file, int memory = 1 << 16) => Ours(new MemoryStream(file, writable: false), memory);

    /// <summary>The runtime's: the one to agree with.</summary>
    public static Gunzip Theirs(byte[] file, int memory = 1 << 16, int most = int.MaxValue) =>
        Read(new GZipStream(new MemoryStream(file, writable: false), CompressionMode.Decompress), memory, most);

    private static Gunzip Read(Stream stream, int memory, int most)
    {
        using Stream whole = stream;
        using var content = new MemoryStream();
        byte[] buffer = new byte[memory];
        try
        {
            while (content.Length < most && stream.Read(buffer, 0, buffer.Length) is > 0 and int read) { content.Write(buffer, 0, read); }
        }
        catch (InvalidDataException)
        {
            return new Gunzip(content.ToArray(), true);
        }

        return new Gunzip(content.ToArray(), false);
    }
}

using System.IO.Compression;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Png;

namespace LaionStream.Models.Pictures;

/// <summary>Reads the colour profile of a PNG or a WebP. Never throws: a broken profile is treated as absent.</summary>
internal static class EmbeddedProfile
{
    /// <summary>Profiles of print shops have 2 MB; more is a decompression bomb.</summary>
    private const int MostBytes = 4 << 20;

    /// <summary>Finds the profile; null when there is none, or it is broken or too large.</summary>
    /// <param name="body">The file.</param>
    /// <param name="format">Its format.</param>
    public static byte[]? Find(ReadOnlySpan<byte> body, ImageFormat format)
    {
        switch (format)
        {
            case ImageFormat.WebP:
                ReadOnlySpan<byte> chunk = body.Length < WebPChunks.Start ? [] : WebPChunks.Find(body[WebPChunks.Start..], "ICCP"u8);
                return chunk.IsEmpty || chunk.Length > MostBytes ? null : chunk.ToArray();
            case ImageFormat.Png when PngChunks.TryFind(body, "iCCP"u8, out ReadOnlySpan<byte> data):
                int name = data.IndexOf((byte)0);
                return name < 0 || name + 2 > data.Length ? null : Inflate(data[(name + 2)..].ToArray());
            default:
                return null;
        }
    }

    private static byte[]? Inflate(byte[] packed)
    {
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            using var profile = new MemoryStream();
            byte[] some = new byte[1 << 14];
            while (zlib.Read(some) is > 0 and int count)
            {
                profile.Write(some, 0, count);
                if (profile.Length > MostBytes) { return null; }
            }

            return profile.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }
}

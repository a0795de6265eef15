using System.Security.Cryptography;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>
/// A digest of the beginning of a local file by which a changed file is told: of all its bytes up to 4 MiB, of larger ones of the first and the last 64 KiB
/// and of 62 stretches between, evenly spread. Whatever is put in, taken out or cut off moves every later byte and so changes it; bytes that are replaced by
/// as many others far from every stretch do not, and their rows keep their place. It costs a few milliseconds for any size.
/// </summary>
internal static class SampledDigest
{
    private const int Stretches = 64;
    private const int StretchBytes = 64 << 10;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Bytes of it that count, from the first on.</param>
    /// <returns>Lower-case hex SHA-256.</returns>
    /// <exception cref="IOException">It cannot be read, or is shorter.</exception>
    public static string Of(string path, long bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[StretchBytes];
        bool isSmall = bytes <= (long)Stretches * StretchBytes;
        for (int i = 0; i < Stretches; i++)
        {
            long start = isSmall ? (long)i * StretchBytes : (long)((Int128)(bytes - StretchBytes) * i / (Stretches - 1));
            int length = (int)Math.Clamp(bytes - start, 0, StretchBytes);
            file.Position = start;
            file.ReadExactly(buffer, 0, length);
            hash.AppendData(buffer, 0, length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

using System.Security.Cryptography;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>
/// A digest over the first bytes of a local file, to detect that it has changed: over all of them up to 4 MiB; beyond that, over the first and the last 64 KiB
/// and 62 evenly spaced samples between. Any insertion, removal or truncation moves all later bytes and so changes the digest. Replacing bytes by as many
/// others
/// outside all samples does not, but the rows then keep their positions. It takes a few milliseconds for any size.
/// </summary>
internal static class SampledDigest
{
    private const int Stretches = 64;
    private const int StretchBytes = 64 << 10;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Number of bytes to digest, from the beginning.</param>
    /// <returns>Lower-case hex SHA-256.</returns>
    /// <exception cref="IOException">The file cannot be read, or is shorter.</exception>
    public static string Of(string path, long bytes)
    {
        PlainFile.Demand(path);
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

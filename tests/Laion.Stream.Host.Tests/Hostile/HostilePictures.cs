using System.Globalization;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Pictures made to attack the decoder: files of other kinds, bombs, then every valid picture damaged in every way, repeatedly.</summary>
internal static class HostilePictures
{
    /// <summary>Generates pictures.</summary>
    /// <param name="count">How many; the damaged ones come last, and are missing when the number is small.</param>
    /// <param name="seed">Seed of the random choices.</param>
    public static (string Name, byte[] Bytes)[] Make(int count, int seed)
    {
        (string Name, byte[] Bytes)[] made = [.. NoPictures.All, .. Bombs.All];
        (string Name, byte[] Bytes)[] spoilt = [.. Enumerable.Range(0, Math.Max(0, count - made.Length)).Select(i => Spoil(i, seed))];
        return [.. made.Concat(spoilt).Take(count)];
    }

    private static (string Name, byte[] Bytes) Spoil(int i, int seed)
    {
        // The numbers of files and of ways have no common factor, so that every pair occurs before any is repeated.
        (string file, byte[] bytes) = SoundFiles.All[i % SoundFiles.All.Count];
        (string way, Func<byte[], Random, byte[]> spoil) = Mutations.All[i % Mutations.All.Count];
        return (string.Create(CultureInfo.InvariantCulture, $"{file} {way} {i}"), spoil(bytes, new Random(seed + i)));
    }
}

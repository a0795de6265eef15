using System.Globalization;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Pictures made to hurt the decoder: files of other kinds, bombs, then every sound picture spoilt in every way, again and again.</summary>
internal static class HostilePictures
{
    /// <summary>Makes pictures.</summary>
    /// <param name="count">How many; the spoilt ones come last, and are what a small number lacks.</param>
    /// <param name="seed">Of the draws.</param>
    public static (string Name, byte[] Bytes)[] Make(int count, int seed)
    {
        (string Name, byte[] Bytes)[] made = [.. NoPictures.All, .. Bombs.All];
        (string Name, byte[] Bytes)[] spoilt = [.. Enumerable.Range(0, Math.Max(0, count - made.Length)).Select(i => Spoil(i, seed))];
        return [.. made.Concat(spoilt).Take(count)];
    }

    private static (string Name, byte[] Bytes) Spoil(int i, int seed)
    {
        // The counts of files and of ways have no common factor, so that every pair comes before any comes again.
        (string file, byte[] bytes) = SoundFiles.All[i % SoundFiles.All.Count];
        (string way, Func<byte[], Random, byte[]> spoil) = Mutations.All[i % Mutations.All.Count];
        return (string.Create(CultureInfo.InvariantCulture, $"{file} {way} {i}"), spoil(bytes, new Random(seed + i)));
    }
}

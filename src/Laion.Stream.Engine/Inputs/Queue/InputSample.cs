using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>Takes a sample of the full input list (<see cref="InputOptions.Sample"/>). Pure.</summary>
internal static class InputSample
{
    private const string FirstMark = "first:";
    private const string RandomMark = "random:";

    /// <summary>The files of the sample, in the order in which they are read.</summary>
    /// <param name="files">The full list.</param>
    /// <param name="sample">The setting.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> files, string sample)
    {
        if (sample.StartsWith(FirstMark, StringComparison.Ordinal)) { return [.. files.Take(Count(sample[FirstMark.Length..]))]; }
        if (!sample.StartsWith(RandomMark, StringComparison.Ordinal)) { return files; }

        string[] parts = sample[RandomMark.Length..].Split('@');
        string seed = parts.Length > 1 ? parts[1].TrimStart('0') : "";
        int count = parts[0] == "all" ? files.Count : Count(parts[0]);

        // A file's position depends only on its own name, not on the other files: a larger sample, or one of more crawls, only adds files.
        return [.. files.OrderBy(file => Place(seed, file)).ThenBy(file => file, StringComparer.Ordinal).Take(count)];
    }

    private static int Count(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static ulong Place(string seed, string file) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{file}")));
}

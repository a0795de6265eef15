using System.Security.Cryptography;
using System.Text;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// Digests of what was removed from an output, in two files below <c>state/</c>: SHA-256 of addresses, MD5 of pictures (SHA-256
/// in an output without MD5). A run reads them as block lists, so that
/// the rows do not come back under another caption or address. They name nothing that was removed.
/// </summary>
internal static class RemovedDigests
{
    /// <summary>SHA-256 of addresses, a line each.</summary>
    public const string UrlsName = "removed-urls.txt";

    /// <summary>MD5 or SHA-256 of pictures, a line each.</summary>
    public const string PicturesName = "removed-pictures.txt";

    /// <summary>The line of an address.</summary>
    public static string OfUrl(string url) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)));

    /// <summary>Appends lines that a file does not have yet, and flushes it.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Append(IDisk disk, string stateFolder, string name, IReadOnlyCollection<string> lines)
    {
        if (lines.Count == 0) { return; }

        string path = Path.Combine(stateFolder, name);
        HashSet<string> known = [];
        using LineFile file = LineFile.Open(disk, path, 0, line =>
        {
            known.Add(Encoding.ASCII.GetString(line.Span));
            return true;
        });
        byte[] added = [.. lines.Where(known.Add).SelectMany(line => Encoding.ASCII.GetBytes(line + "\n"))];
        if (added.Length == 0) { return; }

        file.Append(added);
        disk.FlushFolder(stateFolder);
    }
}

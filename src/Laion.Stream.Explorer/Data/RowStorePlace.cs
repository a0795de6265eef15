using System.Security.Cryptography;
using System.Text;

namespace LaionStream.Explorer.Data;

/// <summary>Where the row store of a folder is: in the folder, or, where that cannot be written, in the cache of the user.</summary>
internal static class RowStorePlace
{
    /// <summary>Finds the place.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Null for the place in the folder.</returns>
    public static string? Of(string folder)
    {
        try
        {
            string inside = Path.Combine(folder, "index", "rows");
            Directory.CreateDirectory(inside);
            using var tried = new FileStream(Path.Combine(inside, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            return null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && !File.Exists(Path.Combine(folder, "index", "rows", "lock"))))
        {
            string cache = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
            return Path.Combine(cache, "laion-stream", "rows", $"{Path.GetFileName(folder)}-{name}");
        }
        catch (IOException)
        {
            return null; // another process makes rows there now
        }
    }
}

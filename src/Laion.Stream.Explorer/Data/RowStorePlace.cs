using System.Security.Cryptography;
using System.Text;

namespace LaionStream.Explorer.Data;

/// <summary>Where the row store of a folder is: in the folder, or, where that cannot be written, among the data of the user.</summary>
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
        catch (IOException e) when (IsInUse(e))
        {
            return null; // another process makes rows there now
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
            return Path.Combine(data, "laion-stream", "rows", $"{Path.GetFileName(folder)}-{name}");
        }
    }

    // ERROR_SHARING_VIOLATION, else EWOULDBLOCK, which has another number on Linux than on the others.
    private static bool IsInUse(IOException cause) =>
        cause.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35);
}

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LaionStream.Host.Configuration;

/// <summary>access(2): whether this process may write in a folder, without creating anything there.</summary>
internal static partial class FolderAccess
{
    private const int Write = 2;
    private const int Search = 1;

    /// <summary>
    /// Why no file may be created in an existing folder, in the system's words; null when one may, or when the system does not tell: the attempt will.
    /// </summary>
    public static string? Refusal(string folder) =>
        OperatingSystem.IsLinux() && Access(folder, Write | Search) != 0 ? new Win32Exception(Marshal.GetLastPInvokeError()).Message : null;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Access(string path, int mode);
}

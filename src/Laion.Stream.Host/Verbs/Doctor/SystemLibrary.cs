using System.Runtime.InteropServices;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>A library of the system: whether it loads, and which file it is.</summary>
internal static class SystemLibrary
{
    /// <summary>The file that a name such as <c>libcudart.so.13</c> resolves to; null when none loads.</summary>
    public static string? Find(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint library)) { return null; }

        try
        {
            return LoadedFile(name) ?? name;
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    // The system reports a loaded library's file only in the process's memory map, as the last field of a line. The file may have a longer version than its
    // name.
    private static string? LoadedFile(string name)
    {
        const string Maps = "/proc/self/maps";
        string stem = name[..(name.IndexOf(".so", StringComparison.Ordinal) + 3)];
        return !File.Exists(Maps) ? null : File.ReadLines(Maps)
            .Select(line => line.IndexOf('/') is >= 0 and int at ? line[at..] : "")
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith(stem, StringComparison.Ordinal));
    }
}

using System.Diagnostics;

namespace LaionStream.Host.Tests.Faults;

/// <summary>A tmpfs of a few hundred kilobytes, which can be filled to the last page or made read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    public const string NeedsRoot = "mounting a tmpfs takes root on Linux";

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Mounts one; null when that is not allowed.</summary>
    public static SmallDisk? TryMount(int kilobytes)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") { return null; }
        string path = Directory.CreateTempSubdirectory("laion-disk").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "none", path) == 0) { return new SmallDisk(path); }
        Directory.Delete(path);
        return null;
    }

    /// <summary>Fills the disk up to that much free space.</summary>
    public void FillBut(int kilobytes)
    {
        using FileStream filler = File.Create(Filler);
        long room = new DriveInfo(Path).AvailableFreeSpace - (kilobytes * 1024L);
        if (room > 0) { filler.Write(new byte[room]); }
    }

    public void Free() => File.Delete(Filler);

    public void Remount(string options) => Assert.Equal(0, Run("mount", "-o", $"remount,{options}", Path));

    public void Dispose()
    {
        Assert.Equal(0, Run("umount", "-l", Path));
        Directory.Delete(Path);
    }

    private static int Run(string program, params string[] args)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

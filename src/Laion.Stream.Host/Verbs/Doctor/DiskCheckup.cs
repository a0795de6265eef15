using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Host.Configuration;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>Free space on the output's file system, and whether it supports what the output's guarantees depend on: locks, renames, flushed folders.</summary>
internal static class DiskCheckup
{
    private const long LeastBytes = 1L << 30;
    private const long ScarceBytes = 20L << 30;

    /// <summary>The findings. Creates a folder for the test and deletes it.</summary>
    /// <param name="output">The output folder; it need not exist.</param>
    public static IEnumerable<Finding> Look(string output)
    {
        string[] refusals = [.. StartCheck.OutputErrors(output, mustExist: false)];
        if (refusals.Length > 0)
        {
            return refusals.Select(refusal => new Finding(FindingLevel.Fail, "output", refusal, "give --output another folder, or permission to write there"));
        }

        string there = Path.GetFullPath(output);
        while (!Directory.Exists(there)) { there = Path.GetDirectoryName(there)!; }
        return [Space(there, new DriveInfo(there).AvailableFreeSpace), Try(there)];
    }

    /// <summary>The finding for an amount of free space.</summary>
    public static Finding Space(string folder, long bytes)
    {
        string found = FormattableString.Invariant($"{bytes >> 20} MiB free at {folder}");
        FindingLevel level = bytes < LeastBytes ? FindingLevel.Fail : bytes < ScarceBytes ? FindingLevel.Warn : FindingLevel.Ok;
        return new Finding(level, "disk space", found, level == FindingLevel.Ok
            ? null
            : "a million rows take about 300 MB; a full disk ends a run, which can be resumed later");
    }

    private static Finding Try(string folder)
    {
        string trial = Path.Combine(folder, $".laion-doctor-{Guid.NewGuid():N}");
        try
        {
            return Directory.CreateDirectory(trial) is { Exists: true }
                ? Try(trial, folder)
                : new Finding(FindingLevel.Fail, "file system", $"no folder can be created at {folder}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(FindingLevel.Fail, "file system", $"{folder}: {e.Message}", "give --output a folder on a local disk");
        }
        finally
        {
            if (Directory.Exists(trial)) { Directory.Delete(trial, recursive: true); }
        }
    }

    private static Finding Try(string trial, string folder)
    {
        var disk = new LocalDisk();
        string written = Path.Combine(trial, "written");
        string renamed = Path.Combine(trial, "renamed");
        using (Stream file = disk.Create(written))
        {
            file.Write("laion"u8);
            disk.Flush(file);
        }

        disk.Rename(written, renamed);
        disk.FlushFolder(trial);
        if (File.Exists(written) || File.ReadAllText(renamed) != "laion")
        {
            return new Finding(FindingLevel.Fail, "file system", $"{folder} does not rename files reliably", "give --output a folder on a local disk");
        }

        return KeepsLocks(renamed)
            ? new Finding(FindingLevel.Ok, "file system", $"{folder} supports locks, renames and flushes")
            : new Finding(FindingLevel.Fail, "file system", $"{folder} does not support locks",
                "use a file system with locks (NFS without nolock), or set Laion:Writing:RequireLock to false and make sure that only one process writes");
    }

    private static bool KeepsLocks(string path)
    {
        if (!OperatingSystem.IsLinux()) { return true; }

        try
        {
            using SafeFileHandle first = FileLock.Open(path);
            using SafeFileHandle second = FileLock.Open(path);
            return FileLock.TryTake(first) && !FileLock.TryTake(second);
        }
        catch (IOException)
        {
            return false; // the file system has no locks
        }
    }
}

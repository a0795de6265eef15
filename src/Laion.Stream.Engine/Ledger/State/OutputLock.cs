using System.Diagnostics;
using System.Text;
using LaionStream.Engine.Ledger.Format;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Engine.Ledger.State;

/// <summary>The exclusive right to write to an output folder: an OS lock on <c>state/lock</c>, which the OS releases however the process ends.</summary>
/// <remarks>
/// The file names its holder and contains a unique number, by which the holder recognises that the file at this path is still the one it has locked. This is
/// checked after the lock is taken and before each commit, because a lock on a deleted file excludes nobody.
/// </remarks>
internal sealed partial class OutputLock : IDisposable
{
    private const int Attempts = 10;
    private const int LongestText = 512;

    private static readonly TimeSpan ChildPatience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ChildStep = TimeSpan.FromMilliseconds(10);

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly byte[] _owner;

    private OutputLock(SafeFileHandle file, string path, byte[] owner) => (_file, _path, _owner) = (file, path, owner);

    /// <summary>Takes the lock.</summary>
    /// <param name="stateFolder">The output's <c>state</c> folder; exists.</param>
    /// <param name="isRequired">Whether a file system without locks is refused.</param>
    /// <param name="log">Logs that there is no lock, when none is required.</param>
    /// <param name="tryTake">For tests; <see cref="FileLock.TryTake"/>.</param>
    /// <exception cref="OutputRefusedException">Another process holds the lock, the file system has no locks, or the folder cannot be written.</exception>
    public static OutputLock Take(string stateFolder, bool isRequired, ILogger log, Func<SafeFileHandle, bool>? tryTake = null)
    {
        string path = Path.Combine(stateFolder, "lock");
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            SafeFileHandle file = Open(path);
            bool isHeld = false;
            try
            {
                if (OperatingSystem.IsLinux()) { Lock(file, path, isRequired, log, tryTake ?? FileLock.TryTake); }
                var taken = new OutputLock(file, path,
                    Encoding.UTF8.GetBytes(
                    $"process {Environment.ProcessId} on {Environment.MachineName} since {TimeProvider.System.GetUtcNow():u} {Guid.NewGuid():N}\n"));
                taken.Sign();
                if (isHeld = taken.IsHeld) { return taken; } // otherwise it was deleted between open and lock: the next attempt opens the new one
            }
            catch (IOException e)
            {
                throw new OutputRefusedException($"The output folder of '{path}' cannot be written: {e.Message}", e);
            }
            finally
            {
                if (!isHeld) { file.Dispose(); }
            }
        }

        throw new OutputRefusedException($"The lock of this output, '{path}', is deleted again and again by another process.");
    }

    /// <summary>The process that writes to an output now, according to its lock file; null when there is none, or the system does not tell.</summary>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    public static string? HolderOf(string stateFolder)
    {
        string path = Path.Combine(stateFolder, "lock");
        if (!OperatingSystem.IsLinux() || !File.Exists(path)) { return null; }

        try
        {
            using SafeFileHandle file = FileLock.Open(path); // the runtime would request a shared lock while opening it
            return FileLock.IsFree(file) ? null : Holder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a file system without locks, or another user's file: nothing is known
        }
    }

    /// <summary>Whether the file at the lock's path is still the one that this process has locked.</summary>
    public bool IsHeld
    {
        get
        {
            if (!OperatingSystem.IsLinux()) { return true; } // an open file cannot be deleted on Windows
            try
            {
                return File.Exists(_path) && Read(_path).AsSpan().SequenceEqual(_owner);
            }
            catch (IOException)
            {
                return false; // deleted between the two
            }
        }
    }

    /// <summary>Ensures before a commit that no other process can have started to write.</summary>
    /// <exception cref="IOException">The lock file was deleted or replaced.</exception>
    public void Check()
    {
        if (!IsHeld)
        {
            throw new IOException(
                $"The lock of this output, '{_path}', was deleted or replaced while this process held it: another may be writing. Nothing more is committed.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (OperatingSystem.IsLinux() && !_file.IsClosed) { FileLock.Release(_file); }
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? FileLock.Open(path) : File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputRefusedException($"Another process is writing to this output, or the folder cannot be written: {e.Message}", e);
        }
    }

    // A process that ends may have a child that has not begun its program yet: until then the child has the lock's file open too.
    private static bool IsTaken(SafeFileHandle file, Func<SafeFileHandle, bool> tryTake)
    {
        for (long began = Stopwatch.GetTimestamp(); !tryTake(file); Thread.Sleep(ChildStep))
        {
            if (Stopwatch.GetElapsedTime(began) > ChildPatience) { return false; }
        }

        return true;
    }

    private static void Lock(SafeFileHandle file, string path, bool isRequired, ILogger log, Func<SafeFileHandle, bool> tryTake)
    {
        string? lack = null;
        try
        {
            if (!IsTaken(file, tryTake)) { throw new OutputRefusedException($"Another process is writing to this output (its lock is '{path}'): {Holder(path)}."); }

            // Some file systems take a lock and give it to anyone else too.
            using SafeFileHandle second = FileLock.Open(path);
            if (tryTake(second) && IsSame(file, second)) { lack = "the file system grants the same lock twice"; }
        }
        catch (IOException e)
        {
            lack = e.Message;
        }

        if (lack is null) { return; }
        if (isRequired)
        {
            throw new OutputRefusedException(
                $"The output at '{path}' cannot be locked against a second process: {lack}. Use a file system with locks, or set Laion:Writing:RequireLock to false and make sure that only one process writes.");
        }

        Log.NoLock(log, path, lack);
    }

    // A file that replaced the first after it was locked is another one, and free.
    private static bool IsSame(SafeFileHandle one, SafeFileHandle other)
    {
        byte[] mark = Guid.NewGuid().ToByteArray();
        RandomAccess.Write(one, mark, 0);
        byte[] read = new byte[mark.Length];
        return RandomAccess.Read(other, read, 0) == read.Length && read.AsSpan().SequenceEqual(mark);
    }

    private static string Holder(string path)
    {
        string text = Encoding.UTF8.GetString(Read(path)).Trim();
        return text.StartsWith("process ", StringComparison.Ordinal) ? text[..text.LastIndexOf(' ')] : "it does not say which";
    }

    // Not by File.ReadAllBytes: the runtime would ask for a shared lock.
    private static byte[] Read(string path)
    {
        using SafeFileHandle file = FileLock.Open(path);
        byte[] text = new byte[LongestText];
        return text[..RandomAccess.Read(file, text, 0)];
    }

    private void Sign()
    {
        if (!OperatingSystem.IsLinux()) { return; }
        RandomAccess.SetLength(_file, 0);
        RandomAccess.Write(_file, _owner, 0);
    }

    private static partial class Log
    {
        [LoggerMessage(2020, LogLevel.Warning,
            "The output is not locked ('{Path}'): {Cause}. Laion:Writing:RequireLock is false, so a second process would not be noticed.")]
        public static partial void NoLock(ILogger log, string path, string cause);
    }
}

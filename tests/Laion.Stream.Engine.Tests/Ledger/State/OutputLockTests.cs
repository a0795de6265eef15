using System.Runtime.InteropServices;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Tests.Download;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Engine.Tests.Ledger.State;

public sealed partial class OutputLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string LockFile => Path.Combine(_folder.Root, "lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Take_HeldByAnother_NamesTheHolderAndIsFreeAfterwards()
    {
        using (Take())
        {
            string message = Assert.Throws<OutputRefusedException>(() => Take()).Message;
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName} since ", message, StringComparison.Ordinal);
            Assert.Contains(LockFile, message, StringComparison.Ordinal);
        }

        using OutputLock after = Take();
        Assert.True(after.IsHeld);
    }

    // What earlier versions do.
    [Fact]
    public void Take_HeldByTheRuntimesLock_IsRefused_AndTheOtherWayRound()
    {
        using (new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Contains("does not say which", Assert.Throws<OutputRefusedException>(() => Take()).Message, StringComparison.Ordinal);
        }

        using OutputLock held = Take();
        Assert.Throws<IOException>(() => new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>Until it begins its program, a process that was just started has the handles of its parent.</summary>
    [SkippableFact]
    public void Dispose_AProcessThatIsBeingStartedHasTheHandleToo_IsFreeAtOnce()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "There are no such handles elsewhere.");
        SafeFileHandle? copy = null;
        OutputLock held = OutputLock.Take(_folder.Root, isRequired: true, NullLogger.Instance, file =>
        {
            copy ??= new SafeFileHandle(Copy(file), ownsHandle: true);
            return FileLock.TryTake(file);
        });
        using (copy)
        {
            Assert.False(copy!.IsInvalid);
            using SafeFileHandle other = FileLock.Open(LockFile);
            Assert.False(FileLock.TryTake(other));

            held.Dispose();

            Assert.True(FileLock.TryTake(other));
        }
    }

    [Theory]
    [InlineData("process 1 on elsewhere since long ago 00000000\n")]
    [InlineData("\0\0\0")]
    [InlineData("")]
    public void Take_FileLeftBehind_IsTakenAndSigned(string left)
    {
        File.WriteAllText(LockFile, left);
        using OutputLock held = Take();

        held.Check();
        Assert.StartsWith($"process {Environment.ProcessId} ", ReadShared(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_FileDeletedOrReplaced_IsNoticed(bool isReplaced)
    {
        using OutputLock held = Take();
        File.Delete(LockFile);
        using OutputLock? other = isReplaced ? Take() : null;

        Assert.False(held.IsHeld);
        Assert.Contains("deleted or replaced", Assert.Throws<IOException>(held.Check).Message, StringComparison.Ordinal);
        other?.Check();
    }

    [Fact]
    public void Take_FileDeletedBetweenOpenAndLock_TakesTheNewOne()
    {
        int calls = 0;
        using OutputLock held = OutputLock.Take(_folder.Root, isRequired: true, NullLogger.Instance, file =>
        {
            if (calls++ == 0) { File.Delete(LockFile); }
            return FileLock.TryTake(file);
        });

        held.Check();
        Assert.Throws<OutputRefusedException>(() => Take());
    }

    /// <summary>As by a child of the last holder that has not begun its program yet.</summary>
    [Fact]
    public void Take_HeldForAMoment_WaitsForIt()
    {
        int calls = 0;
        using OutputLock held = OutputLock.Take(_folder.Root, isRequired: true, NullLogger.Instance, file => calls++ > 2 && FileLock.TryTake(file));

        held.Check();
        Assert.Throws<OutputRefusedException>(() => Take());
    }

    // ENOLCK, EOPNOTSUPP; and a file system that grants the same lock to every process.
    [Theory]
    [InlineData(37)]
    [InlineData(95)]
    [InlineData(0)]
    public void Take_FileSystemWithoutLocks_IsRefusedUnlessAllowed(int error)
    {
        bool Answer(Microsoft.Win32.SafeHandles.SafeFileHandle file) => error == 0 ? true : throw new IOException("no locks", error);
        Assert.Contains("Laion:Writing:RequireLock",
            Assert.Throws<OutputRefusedException>(() => OutputLock.Take(_folder.Root, isRequired: true, NullLogger.Instance, Answer))
            .Message, StringComparison.Ordinal);

        using var logs = new ListedLogs();
        using OutputLock held = OutputLock.Take(_folder.Root, isRequired: false, logs.CreateLogger("lock"), Answer);
        held.Check();
        Assert.Contains(logs.Lines, line => line.Contains("not locked", StringComparison.Ordinal));
    }

    private OutputLock Take() => OutputLock.Take(_folder.Root, isRequired: true, NullLogger.Instance);

    private string ReadShared()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = FileLock.Open(LockFile);
        byte[] text = new byte[512];
        return System.Text.Encoding.UTF8.GetString(text.AsSpan(0, RandomAccess.Read(file, text, 0)));
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Copy(SafeFileHandle file);
}

namespace LaionStream.TestWorld;

/// <summary>A folder for one test, deleted when the test ends.</summary>
public sealed class TempFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long LeastFree = 48 << 20;

    /// <summary>A folder where temporary files belong.</summary>
    public TempFolder() => Root = Directory.CreateTempSubdirectory("laion-stream-").FullName;

    private TempFolder(string root) => Root = root;

    /// <summary>Full path.</summary>
    public string Root { get; }

    /// <summary>
    /// A folder in memory where the machine has such a file system: for tests that write thousands of small files and simulate a disk's faults themselves. A real
    /// disk's journal would be most of their time.
    /// </summary>
    public static TempFolder InMemory()
    {
        if (!Directory.Exists(Memory) || new DriveInfo(Memory).AvailableFreeSpace < LeastFree) { return new TempFolder(); }

        try
        {
            return new TempFolder(Directory.CreateDirectory(Path.Combine(Memory, $"laion-stream-{Guid.NewGuid():N}")).FullName);
        }
        catch (UnauthorizedAccessException)
        {
            return new TempFolder(); // the file system is there, but not for this user
        }
    }

    /// <summary>Full path of something in the folder.</summary>
    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}

using LaionStream.Dataset.Disk;
using LaionStream.TestWorld;

namespace LaionStream.Dataset.Tests.Disk;

public sealed class FolderFlushTests
{
    private const int NoEntry = 2; // ENOENT
    private const int NoFolder = 20; // ENOTDIR

    [SkippableFact]
    public void Flush_AFolder_Succeeds()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It does nothing elsewhere.");
        using var folder = new TempFolder();

        FolderFlush.Names(folder.Root);
        FolderFlush.FileSystem(folder.Root);
    }

    [SkippableTheory]
    [InlineData("none", NoEntry)]
    [InlineData("file", NoFolder)]
    public void Flush_NoFolder_SaysWhichAndWhy(string name, int error)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It does nothing elsewhere.");
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("file"), "");

        foreach (Action<string> flush in (Action<string>[])[FolderFlush.Names, FolderFlush.FileSystem])
        {
            IOException failed = Assert.Throws<IOException>(() => flush(folder.At(name)));
            Assert.StartsWith($"open of folder '{folder.At(name)}' failed: ", failed.Message, StringComparison.Ordinal);
            Assert.Equal(error, failed.HResult);
        }
    }
}

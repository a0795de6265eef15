namespace LaionStream.Search.Removal;

/// <summary>Lets one process at a time remove rows from a subset.</summary>
internal static class RemovalLock
{
    /// <summary>Takes the right; disposing gives it back, and so does the end of the process.</summary>
    /// <param name="path">The lock's file; created here.</param>
    /// <param name="isKept">Whether the file stays.</param>
    /// <exception cref="IOException">Another process has it, or the file cannot be made.</exception>
    public static FileStream Take(string path, bool isKept)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, isKept
                ? FileOptions.None
                : FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException("another process removes rows from it", e);
        }
    }
}

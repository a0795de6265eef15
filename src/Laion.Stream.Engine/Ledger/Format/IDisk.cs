namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// Every disk operation that durability depends on. The commit path writes to the disk only through this interface, so that tests can inject faults here.
/// </summary>
/// <remarks>
/// All paths are absolute. Every method throws <see cref="IOException"/> (or <see cref="UnauthorizedAccessException"/>) when the operation fails.
/// </remarks>
internal interface IDisk
{
    /// <summary>Creates a file for writing, or truncates an existing one; creates missing folders.</summary>
    Stream Create(string path);

    /// <summary>Opens a file for appending; creates it when missing.</summary>
    Stream Append(string path);

    /// <summary>Flushes a stream of this disk to stable storage.</summary>
    void Flush(Stream stream);

    /// <summary>Flushes every file of a folder that was written through this disk, and their names, to stable storage.</summary>
    void FlushFiles(string folder);

    /// <summary>Renames a file or a folder within the output; an existing target is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file, or a folder with what is in it; does nothing when it is missing.</summary>
    void Delete(string path);

    /// <summary>Truncates a file to a length, durably.</summary>
    void Truncate(string path, long length);

    /// <summary>Makes the file names in a folder durable (creations, renames, deletions).</summary>
    void FlushFolder(string path);
}

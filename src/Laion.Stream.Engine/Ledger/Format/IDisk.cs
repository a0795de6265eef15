namespace LaionStream.Engine.Ledger.Format;

/// <summary>Every effect on the disk that durability rests on. Tests put faults here; nothing else of the commit path touches the disk.</summary>
/// <remarks>All paths are absolute. Every method throws <see cref="IOException"/> (or <see cref="UnauthorizedAccessException"/>) when the disk refuses.</remarks>
internal interface IDisk
{
    /// <summary>Creates an empty file (or empties it), folders included, for writing.</summary>
    Stream Create(string path);

    /// <summary>Opens a file for writing behind its end; creates it when missing.</summary>
    Stream Append(string path);

    /// <summary>Flushes a stream of this disk down to the platter.</summary>
    void Flush(Stream stream);

    /// <summary>Renames a file within the output; an existing target is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; nothing happens when it is missing.</summary>
    void Delete(string path);

    /// <summary>Cuts a file to a length, durably.</summary>
    void Truncate(string path, long length);

    /// <summary>Makes names in a folder durable.</summary>
    void FlushFolder(string path);
}

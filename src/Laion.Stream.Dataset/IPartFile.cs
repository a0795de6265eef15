namespace LaionStream.Dataset;

/// <summary>A part file that is being written.</summary>
public interface IPartFile
{
    /// <summary>Rows added.</summary>
    long Rows { get; }

    /// <summary>Bytes added, before encoding and compression.</summary>
    long Bytes { get; }

    /// <summary>Writes what is buffered, and the footer.</summary>
    Task CompleteAsync(CancellationToken abort = default);
}

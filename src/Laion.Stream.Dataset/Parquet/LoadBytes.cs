namespace LaionStream.Dataset.Parquet;

/// <summary>Loads a range of a remote file, so that the next reads find it.</summary>
/// <param name="start">First byte.</param>
/// <param name="length">Number of bytes; may extend beyond the file's end.</param>
/// <param name="stop">Cancels the load.</param>
/// <exception cref="InputUnreachableException">It cannot be loaded.</exception>
public delegate ValueTask LoadBytes(long start, long length, CancellationToken stop);

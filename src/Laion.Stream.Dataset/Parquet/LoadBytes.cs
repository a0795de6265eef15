namespace LaionStream.Dataset.Parquet;

/// <summary>Brings a stretch of a file in that lies elsewhere, so that the next reads of it find it.</summary>
/// <param name="start">First byte.</param>
/// <param name="length">Bytes; may reach beyond the file's end.</param>
/// <param name="stop">Gives up.</param>
/// <exception cref="InputUnreachableException">It cannot be had.</exception>
public delegate ValueTask LoadBytes(long start, long length, CancellationToken stop);

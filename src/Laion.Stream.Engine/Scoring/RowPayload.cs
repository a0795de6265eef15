namespace LaionStream.Engine.Scoring;

/// <summary>A row's data for the files beside the Parquet file.</summary>
/// <param name="Image">The picture's vector, of length 1; null unless embeddings are written.</param>
/// <param name="Text">The caption's, from the tower that scored it, of length 1; zeros for a row without a caption; null unless both kinds are written.</param>
public sealed record RowPayload(Half[]? Image, Half[]? Text) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        // Vectors are a few kilobytes of managed memory, bounded by the queues after the models.
    }
}

using LaionStream.Engine.Decoding;

namespace LaionStream.Engine.Scoring;

/// <summary>A row's data for the files beside the Parquet file. Owns <paramref name="Picture"/>.</summary>
/// <param name="Picture">The encoded picture; null unless pictures are stored.</param>
/// <param name="Image">The picture's vector, of length 1; null unless embeddings are written.</param>
/// <param name="Text">The caption's, by the tower that scored it, of length 1; zeros for a row without a caption; null unless both kinds are written.</param>
public sealed record RowPayload(StoredPicture? Picture, Half[]? Image, Half[]? Text) : IDisposable
{
    /// <summary>The payload of a row without vectors; null when there is no picture either.</summary>
    public static RowPayload? Of(StoredPicture? picture) => picture is null ? null : new RowPayload(picture, null, null);

    /// <summary>Returns the picture's bytes. The vectors are a few kilobytes of managed memory, bounded by the queues behind the models.</summary>
    public void Dispose() => Picture?.Dispose();
}

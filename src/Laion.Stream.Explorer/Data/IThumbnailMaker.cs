namespace LaionStream.Explorer.Data;

/// <summary>Makes small JPEGs of pictures, under the limits of a run's decoders. Safe to use from several threads.</summary>
internal interface IThumbnailMaker
{
    /// <summary>Makes one.</summary>
    /// <param name="file">The picture's whole file.</param>
    /// <param name="side">Most pixels of the longer side.</param>
    /// <param name="abort">Ends the decode.</param>
    /// <exception cref="InvalidDataException">It does not decode within the limits; the message says why.</exception>
    ValueTask<byte[]> MakeAsync(ReadOnlyMemory<byte> file, int side, CancellationToken abort);
}

namespace LaionStream.Explorer.Data;

/// <summary>Turns texts and pictures into unit vectors in the space of the output's vectors. Safe to use from several threads.</summary>
internal interface IQueryModels
{
    /// <summary>Numbers of a vector.</summary>
    int Width { get; }

    /// <summary>Embeds a text.</summary>
    /// <param name="text">The text; one that is longer than the model's context is cut.</param>
    /// <param name="abort">Ends the wait for the model.</param>
    ValueTask<float[]> TextAsync(string text, CancellationToken abort);

    /// <summary>Embeds a picture.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="abort">Ends the wait for the model, and the decode.</param>
    /// <exception cref="InvalidDataException">It does not decode within the limits; the message says why.</exception>
    ValueTask<float[]> PictureAsync(ReadOnlyMemory<byte> file, CancellationToken abort);
}

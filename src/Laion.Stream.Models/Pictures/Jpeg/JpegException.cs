namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The only exception that a file can cause in the decoder; it depends only on the bytes and the limits.</summary>
/// <param name="kind">What is wrong.</param>
/// <param name="offset">Offset in the file, in bytes.</param>
/// <param name="message">What was found there.</param>
internal sealed class JpegException(JpegErrorKind kind, int offset, string message) : Exception($"{message} (byte {offset})")
{
    /// <summary>What is wrong.</summary>
    public JpegErrorKind Kind { get; } = kind;

    /// <summary>Offset in the file, in bytes.</summary>
    public int Offset { get; } = offset;

    /// <summary>The file violates the format at <paramref name="offset"/>.</summary>
    public static JpegException Malformed(int offset, string message) => new(JpegErrorKind.Malformed, offset, message);

    /// <summary>The file uses a process that another decoder may support.</summary>
    public static JpegException NotSupported(int offset, string message) => new(JpegErrorKind.NotSupported, offset, message);
}

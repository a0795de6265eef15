namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The only exception that bytes can provoke in the decoder; a function of the bytes and the limits alone.</summary>
/// <param name="kind">What is wrong.</param>
/// <param name="offset">Where in the file, in bytes.</param>
/// <param name="message">What was found there.</param>
internal sealed class JpegException(JpegErrorKind kind, int offset, string message) : Exception($"{message} (byte {offset})")
{
    /// <summary>What is wrong.</summary>
    public JpegErrorKind Kind { get; } = kind;

    /// <summary>Where in the file, in bytes.</summary>
    public int Offset { get; } = offset;

    /// <summary>The file breaks the format at <paramref name="offset"/>.</summary>
    public static JpegException Malformed(int offset, string message) => new(JpegErrorKind.Malformed, offset, message);

    /// <summary>The file uses a process that another decoder may know.</summary>
    public static JpegException NotSupported(int offset, string message) => new(JpegErrorKind.NotSupported, offset, message);
}

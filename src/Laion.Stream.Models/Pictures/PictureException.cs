namespace LaionStream.Models.Pictures;

/// <summary>A file is not a picture that can be decoded: an unknown format, damaged, truncated, or too large.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="inner">The decoder's exception, if there is one.</param>
public sealed class PictureException(string message, Exception? inner = null) : Exception(message, inner);

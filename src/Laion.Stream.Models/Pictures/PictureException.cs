namespace LaionStream.Models.Pictures;

/// <summary>A file is no picture that can be decoded: an unknown format, damaged, cut off, or too large.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="inner">What the decoder threw, if it threw.</param>
public sealed class PictureException(string message, Exception? inner = null) : Exception(message, inner);

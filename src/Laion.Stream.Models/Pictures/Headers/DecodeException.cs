namespace LaionStream.Models.Pictures.Headers;

/// <summary>A picture does not decode completely, or not in time: an outcome of the picture.</summary>
/// <param name="message">What is wrong, for the log.</param>
internal sealed class DecodeException(string message) : Exception(message);

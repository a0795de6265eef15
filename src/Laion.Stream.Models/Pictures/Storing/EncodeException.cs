namespace LaionStream.Models.Pictures.Storing;

/// <summary>A picture that was decoded cannot be encoded, for example because the format has no pictures of that size.</summary>
internal sealed class EncodeException(string message, Exception? inner) : Exception(message, inner);

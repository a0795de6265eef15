using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Engine.Decoding;

/// <summary>Test hooks of the decode stage; never registered in production.</summary>
/// <param name="ReadHeader">Replaces <see cref="ImageHeader.Read"/>; it may throw, or never return.</param>
internal sealed record DecodeHooks(HeaderReader ReadHeader);

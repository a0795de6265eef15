using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Engine.Decoding;

/// <summary>What a picture's header and the rules say of it.</summary>
/// <param name="Header">The header.</param>
/// <param name="Reason">Why the picture is not taken; null where it is.</param>
/// <param name="Left">Time that is left for the pixels.</param>
internal readonly record struct PictureHead(ImageHeader Header, DropReason? Reason, TimeSpan Left);

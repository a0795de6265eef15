using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Engine.Decoding;

/// <summary>The result of a picture's header and the rules.</summary>
/// <param name="Header">The header.</param>
/// <param name="Reason">Why the picture is not accepted; null when it is.</param>
/// <param name="Left">Time left for the pixels.</param>
internal readonly record struct PictureHead(ImageHeader Header, DropReason? Reason, TimeSpan Left);

using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>What a child makes of a picture, or of its header. One of the first three says what became of it; with none, pixels are to be reserved first.</summary>
/// <param name="Picture">The prepared picture.</param>
/// <param name="Reason">Why it is dropped.</param>
/// <param name="Broken">The exception that broke the decoder, in words: unknown, but caught.</param>
/// <param name="Bytes">Memory that its pixels will need.</param>
/// <param name="Cause">What the decoder says of a drop.</param>
internal readonly record struct ChildAnswer(ReadPicture? Picture, DropReason? Reason, string? Broken, long Bytes, string Cause);

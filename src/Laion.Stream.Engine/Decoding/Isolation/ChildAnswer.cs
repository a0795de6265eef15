using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>
/// A child's answer for a picture, or for its header. One of the first three is the result; without any, memory for the pixels has to be reserved first.
/// </summary>
/// <param name="Picture">The prepared picture.</param>
/// <param name="Reason">The drop reason.</param>
/// <param name="Broken">The text of the exception that broke the decoder: unknown, but caught.</param>
/// <param name="Bytes">Memory that its pixels will need.</param>
/// <param name="Cause">The decoder's message for a drop.</param>
internal readonly record struct ChildAnswer(ReadPicture? Picture, DropReason? Reason, string? Broken, long Bytes, string Cause);

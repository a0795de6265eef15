namespace LaionStream.Engine.Codings;

/// <summary>A body, or one of its coded forms, is larger than allowed.</summary>
internal sealed class BodyTooLargeException(long most) : IOException($"More than {most} bytes.");

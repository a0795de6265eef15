namespace LaionStream.Dataset.Rows;

/// <summary>What is known about a row after its picture was decoded.</summary>
/// <param name="Width">Width of the original in pixels, as displayed (after orientation).</param>
/// <param name="Height">Height of the original in pixels, as displayed.</param>
/// <param name="Md5">Lower-case hex MD5 of the fetched bytes.</param>
/// <param name="PHash">64-bit perceptual hash as 16 hex digits.</param>
public sealed record PictureFacts(int Width, int Height, string Md5, string PHash);

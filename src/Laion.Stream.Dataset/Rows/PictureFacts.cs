namespace LaionStream.Dataset.Rows;

/// <summary>What is known of a row once its picture was decoded.</summary>
/// <param name="Width">Pixels across of the original as shown (after orientation).</param>
/// <param name="Height">Pixels down of the original as shown.</param>
/// <param name="Md5">Lower-case hex MD5 of the fetched bytes.</param>
/// <param name="PHash">64-bit perceptual hash as 16 hex digits.</param>
public sealed record PictureFacts(int Width, int Height, string Md5, string PHash);

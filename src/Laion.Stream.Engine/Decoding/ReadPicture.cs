using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Engine.Decoding;

/// <summary>A picture's models' inputs and what the dataset records of its pixels.</summary>
/// <param name="Width">Pixels across as shown.</param>
/// <param name="Height">Pixels down as shown.</param>
/// <param name="PHash">64-bit perceptual hash as 16 hex digits.</param>
/// <param name="Inputs">One per specification, the receiver's to dispose.</param>
internal sealed record ReadPicture(int Width, int Height, string PHash, PixelInput[] Inputs);

using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding;

/// <summary>A picture's models' inputs and the facts of its pixels for the dataset.</summary>
/// <param name="Width">Width in pixels as shown.</param>
/// <param name="Height">Height in pixels as shown.</param>
/// <param name="PHash">64-bit perceptual hash as 16 hex digits.</param>
/// <param name="Inputs">One per specification, which the receiver disposes.</param>
/// <param name="Stored">The picture to store, encoded; null when the output stores none, or the fetched bytes.</param>
internal sealed record ReadPicture(int Width, int Height, string PHash, PixelInput[] Inputs, StoredFile? Stored = null);

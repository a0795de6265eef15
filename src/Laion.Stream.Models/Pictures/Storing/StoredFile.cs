namespace LaionStream.Models.Pictures.Storing;

/// <summary>A picture encoded for storage.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal sealed record StoredFile(byte[] Bytes, int Width, int Height);

namespace LaionStream.Models.Pictures;

/// <summary>A picture's header promised that it can be decoded row by row, but a copy of the whole picture is needed.</summary>
internal sealed class WholePictureException() : Exception("The picture needs to be decoded as a whole.");

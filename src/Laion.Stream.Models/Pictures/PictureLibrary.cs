namespace LaionStream.Models.Pictures;

/// <summary>The library that decodes what our own decoders do not.</summary>
public enum PictureLibrary
{
    /// <summary>libvips: native code, the fastest, every format.</summary>
    Vips,

    /// <summary>ImageSharp 2.1: managed code only, for machines without libvips and for those who prefer memory-safe code. No AVIF and no HEIC.</summary>
    ImageSharp,
}

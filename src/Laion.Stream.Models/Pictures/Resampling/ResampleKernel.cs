namespace LaionStream.Models.Pictures.Resampling;

/// <summary>Filters of PIL's antialiased resize (python-pillow src/libImaging/Resample.c).</summary>
internal enum ResampleKernel
{
    /// <summary>Triangle, support 1.</summary>
    Bilinear,

    /// <summary>Cubic with a = −0.5, support 2.</summary>
    Bicubic,
}

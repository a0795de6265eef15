namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The colour space of a file's components, as libjpeg guesses it (jdapimin.c, <c>default_decompress_parms</c>).</summary>
internal enum JpegColourSpace
{
    /// <summary>One component: delivered unchanged.</summary>
    Grey,

    /// <summary>Luma and two colour differences: delivered as RGB.</summary>
    YCbCr,

    /// <summary>Delivered unchanged.</summary>
    Rgb,

    /// <summary>Four inks: delivered unchanged.</summary>
    Cmyk,

    /// <summary>Luma, two colour differences and black: delivered as four inks.</summary>
    Ycck,
}

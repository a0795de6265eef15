namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>What the components of a file are, as libjpeg guesses it (jdapimin.c, <c>default_decompress_parms</c>).</summary>
internal enum JpegColourSpace
{
    /// <summary>One component: delivered as it is.</summary>
    Grey,

    /// <summary>Luma and two colour differences: delivered as RGB.</summary>
    YCbCr,

    /// <summary>Delivered as it is.</summary>
    Rgb,

    /// <summary>Four inks: delivered as they are.</summary>
    Cmyk,

    /// <summary>Luma, two colour differences and black: delivered as four inks.</summary>
    Ycck,
}

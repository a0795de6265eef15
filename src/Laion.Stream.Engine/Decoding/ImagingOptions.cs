using System.ComponentModel.DataAnnotations;
using LaionStream.Models.Pictures;

namespace LaionStream.Engine.Decoding;

/// <summary>
/// Which pictures are accepted and how they are decoded; bound to <c>Laion:Imaging</c>. Shapes the rows: part of the run's fingerprint, never live.
/// </summary>
public sealed class ImagingOptions
{
    /// <summary>
    /// Minimum pixels of the shorter side. CLIP enlarges everything below 224; below 64 most of what it sees is interpolated, and such files are icons and
    /// buttons.
    /// </summary>
    /// <value>Default 64. LAION-5B had no such rule (its 5,000 byte minimum did most of this): 1 reproduces it.</value>
    [Range(1, 100_000)]
    public int MinSide { get; set; } = 64;

    /// <summary>Maximum pixels of a picture, width × height in its header.</summary>
    /// <value>Default 89,478,484, as LAION-5B: PIL's decompression bomb limit minus one.</value>
    [Range(1L, 1_000_000_000L)]
    public long MaxPixels { get; set; } = 89_478_484;

    /// <summary>Maximum ratio of the longer side to the shorter: the centre crop shows only one part in that many.</summary>
    /// <value>Default 20. LAION-5B had no such rule.</value>
    [Range(1.0, 1_000_000.0)]
    public double MaxAspectRatio { get; set; } = 20;

    /// <summary>The picture handling to reproduce.</summary>
    /// <value>Default <see cref="ImagingCompat.None"/>; <c>openai</c> is the other.</value>
    public ImagingCompat Compat { get; set; } = ImagingCompat.None;

    /// <summary>The library that decodes what our own decoders do not.</summary>
    /// <value>
    /// Default <see cref="PictureLibrary.Vips"/>; <c>imagesharp</c> is managed code only: no AVIF and HEIC, and colour profiles of look-up tables are not
    /// applied. Where libvips does not load, <c>imagesharp</c> is used instead, with a warning.
    /// </value>
    public PictureLibrary Decoder { get; set; } = PictureLibrary.Vips;

    /// <summary>The decoder of JPEGs.</summary>
    /// <value>Default <see cref="JpegDecoding.Own"/>; <c>vips</c> is the other.</value>
    public JpegDecoding Jpeg { get; set; } = JpegDecoding.Own;

    /// <summary>Which pictures are decoded in a separate process, which a flaw of a decoder may end without ending the run.</summary>
    /// <value>
    /// Default <see cref="DecodeIsolation.Suspects"/>: those that were being decoded when an earlier process of the run died. <c>always</c> costs more time
    /// (README); <c>off</c> means none, and a picture that ends the process ends every run that decodes it.
    /// </value>
    public DecodeIsolation Isolation { get; set; } = DecodeIsolation.Suspects;

    /// <summary>Time limit for one picture, header and pixels; a picture that takes longer is <c>decode_failed</c>.</summary>
    /// <value>Default 30 seconds: hundreds of times what the largest ordinary picture needs.</value>
    public TimeSpan DecodeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether AVIF is decoded.</summary>
    /// <value>Default false, as LAION-5B.</value>
    public bool Avif { get; set; }

    /// <summary>
    /// Whether GIF is decoded (first frame). The switch also opens <c>.gif</c> where <c>Candidates:BlockedExtensions</c> has it; so do the other formats'
    /// switches with their extensions.
    /// </summary>
    /// <value>Default false, as LAION-5B.</value>
    public bool Gif { get; set; }

    /// <summary>Whether TIFF is decoded (first page).</summary>
    /// <value>Default false, as LAION-5B.</value>
    public bool Tiff { get; set; }

    /// <summary>Whether HEIC is decoded, if the native decoder supports HEVC (the bundled one does not: such files are then <c>decode_failed</c>).</summary>
    /// <value>Default false, as LAION-5B.</value>
    public bool Heic { get; set; }

    /// <summary>A copy with another time limit.</summary>
    internal ImagingOptions With(TimeSpan decodeTimeout)
    {
        var copy = (ImagingOptions)MemberwiseClone();
        copy.DecodeTimeout = decodeTimeout;
        return copy;
    }

    /// <summary>Extensions of the formats that are switched on.</summary>
    internal IEnumerable<string> OpenedExtensions => Switches.Where(format => format.IsOn).SelectMany(format => format.Extensions);

    /// <summary>The formats that are decoded only behind a switch: its key, its value, and the extensions that it opens.</summary>
    internal IReadOnlyList<(string Key, bool IsOn, string[] Extensions)> Switches =>
        [(nameof(Gif), Gif, [".gif"]), (nameof(Avif), Avif, [".avif"]), (nameof(Tiff), Tiff, [".tif", ".tiff"]), (nameof(Heic), Heic, [".heic", ".heif"])];
}

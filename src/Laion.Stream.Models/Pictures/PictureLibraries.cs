namespace LaionStream.Models.Pictures;

/// <summary>Which library decodes on this machine.</summary>
internal static class PictureLibraries
{
    /// <summary>The requested library, or ImageSharp when it is libvips and does not load here: every picture would fail.</summary>
    /// <param name="wanted">The requested library. libvips is only touched if it is this.</param>
    public static PictureLibrary Available(PictureLibrary wanted) => Available(wanted, static () => VipsLibrary.Loads);

    /// <summary>The same with another answer of the machine, for tests.</summary>
    /// <param name="wanted">The requested library.</param>
    /// <param name="vipsLoads">Whether libvips loads.</param>
    public static PictureLibrary Available(PictureLibrary wanted, Func<bool> vipsLoads) =>
        wanted == PictureLibrary.Vips && !vipsLoads() ? PictureLibrary.ImageSharp : wanted;
}

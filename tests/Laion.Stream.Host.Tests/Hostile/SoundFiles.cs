using LaionStream.Models.Pictures;
using LaionStream.TestWorld.Makers;
using NetVips;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Valid pictures of every format that a run accepts, in many shapes: hostile pictures are made from them.</summary>
internal static class SoundFiles
{
    private static readonly Lazy<(string Name, byte[] Bytes)[]> Made = new(() => [.. Make()]);

    /// <summary>The pictures; the last is not valid: an AVIF that claims to be a HEIC.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> All => Made.Value;

    /// <summary>Those that a run keeps.</summary>
    public static IEnumerable<byte[]> Kept => All.Where(file => file.Name != "heic").Select(file => file.Bytes);

    private static IEnumerable<(string Name, byte[] Bytes)> Make()
    {
        VipsLibrary.EnsureReady();
        using Image plain = Picture(1, 97, 79);
        using Image alpha = plain.Bandjoin(plain.ExtractBand(0));
        using Image tall = Picture(2, 80, 240);
        using Image frames = tall.Mutate(changed => changed.Set(GValue.GIntType, "page-height", 80));
        using Image tagged = plain.Mutate(changed =>
        {
            changed.Set(GValue.GIntType, "orientation", 6);
            changed.Set(GValue.BlobType, "icc-profile-data", Image.ProfileLoad("srgb"));
        });
        using Image cmyk = plain.Copy(interpretation: Enums.Interpretation.Srgb).IccExport(outputProfile: "cmyk", depth: 8);
        using Image deep = plain.Copy(interpretation: Enums.Interpretation.Srgb).Colourspace(Enums.Interpretation.Rgb16);
        using Image grey = plain.ExtractBand(1);

        yield return ("jpeg", tagged.JpegsaveBuffer(q: 85));
        yield return ("jpeg-progressive", plain.JpegsaveBuffer(q: 85, interlace: true));
        yield return ("jpeg-grey", grey.JpegsaveBuffer(q: 70));
        yield return ("jpeg-cmyk", cmyk.JpegsaveBuffer(q: 85));
        yield return ("jpeg-restart", plain.JpegsaveBuffer(q: 85, restartInterval: 3));
        yield return ("png", tagged.PngsaveBuffer());
        yield return ("png-interlaced", alpha.PngsaveBuffer(interlace: true));
        yield return ("png-16", deep.PngsaveBuffer());
        yield return ("png-grey", grey.PngsaveBuffer());
        yield return ("webp", plain.WebpsaveBuffer(q: 80));
        yield return ("webp-lossless", plain.WebpsaveBuffer(lossless: true));
        yield return ("webp-extended", tagged.WebpsaveBuffer(q: 80));
        yield return ("webp-alpha", alpha.WebpsaveBuffer(q: 80));
        yield return ("webp-animated", frames.WebpsaveBuffer(q: 60));
        yield return ("gif", plain.GifsaveBuffer());
        yield return ("gif-animated", frames.GifsaveBuffer());
        yield return ("tiff", plain.TiffsaveBuffer());
        yield return ("tiff-lzw", tagged.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw, predictor: Enums.ForeignTiffPredictor.Horizontal));
        yield return ("tiff-deflate-tiled", alpha.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, tile: true, tileWidth: 32, tileHeight: 32));
        yield return ("tiff-jpeg", plain.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg));
        yield return ("tiff-big", plain.TiffsaveBuffer(bigtiff: true));
        byte[] avif = plain.HeifsaveBuffer(q: 60, compression: Enums.ForeignHeifCompression.Av1, effort: 0);
        yield return ("avif", avif);
        yield return ("heic", Renamed(avif));
    }

    private static Image Picture(int seed, int width, int height) =>
        Image.NewFromMemory(MadePictures.Rgb(width, height, seed), width, height, 3, Enums.BandFormat.Uchar).CopyMemory();

    private static byte[] Renamed(byte[] avif)
    {
        byte[] heic = [.. avif];
        for (int at = heic.AsSpan().IndexOf("avif"u8); at >= 0; at = heic.AsSpan().IndexOf("avif"u8)) { "heic"u8.CopyTo(heic.AsSpan(at)); }
        return heic;
    }
}

using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// Reads the rights fields of IPTC Photo Metadata from XMP (<c>dc:rights</c>, <c>dc:creator</c> or <c>photoshop:Credit</c>, <c>xmpRights:WebStatement</c> or
/// <c>plus:LicensorURL</c>) and, where XMP has none, <c>Copyright</c> and <c>Artist</c> from EXIF.
/// </summary>
internal static class RightsReader
{
    private const int MostCharacters = 2000;
    private const string Dc = "http://purl.org/dc/elements/1.1/";
    private const string Photoshop = "http://ns.adobe.com/photoshop/1.0/";
    private const string Rights = "http://ns.adobe.com/xap/1.0/rights/";
    private const string Plus = "http://ns.useplus.org/ldf/xmp/1.0/";

    /// <summary>Reads the fields of a file; null when it has none. Never throws.</summary>
    /// <param name="file">The whole file.</param>
    public static PictureRights? Read(ReadOnlyMemory<byte> file)
    {
        MetadataBlocks blocks = MetadataBlocks.Find(file, ImageSignature.Of(file.Span));
        XmpValue[] values = [.. blocks.Xmp.SelectMany(packet => XmpReader.Read(XmpPacket.TextOf(packet.Span), IsWanted))];
        var rights = new PictureRights(
            One(values, Dc, "rights") ?? Text(ExifTexts.Copyright(blocks.Exif.Span)),
            All(values, Dc, "creator") ?? One(values, Photoshop, "Credit") ?? Text(ExifTexts.Artist(blocks.Exif.Span)),
            One(values, Rights, "WebStatement") ?? One(values, Plus, "Licensor"));
        return rights is { Copyright: null, Creator: null, WebStatement: null } ? null : rights;
    }

    private static bool IsWanted(string space, string name) => (space, name) is (Dc, "rights") or (Dc, "creator") or (Photoshop, "Credit")
        or (Rights, "WebStatement") or (Plus, "Licensor");

    /// <summary>The value, of several languages the default one; of a licensor the address.</summary>
    private static string? One(XmpValue[] values, string space, string name)
    {
        XmpValue[] found = [.. values.Where(value => value.Space == space && value.Name == name && (name != "Licensor" || Uri.IsWellFormedUriString(value.Text, UriKind.Absolute)))];
        return Text(found.FirstOrDefault(value => value.IsDefault).Text ?? found.FirstOrDefault().Text);
    }

    private static string? All(XmpValue[] values, string space, string name) =>
        Text(string.Join("; ", values.Where(value => value.Space == space && value.Name == name).Select(value => value.Text).Distinct(StringComparer.Ordinal)));

    private static string? Text(string? text)
    {
        text = text?.Trim();
        return string.IsNullOrEmpty(text) ? null : text.Length <= MostCharacters ? text : text[..(char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)];
    }
}

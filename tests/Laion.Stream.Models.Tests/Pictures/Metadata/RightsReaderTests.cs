using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Metadata;

namespace LaionStream.Models.Tests.Pictures.Metadata;

/// <summary>The rights fields of pictures.</summary>
public sealed class RightsReaderTests
{
    [Fact]
    public void Read_Xmp_TakesTheDefaultLanguageAndEveryCreator() => Assert.Equal(
        new PictureRights("All rights", "Ada; Bob", "https://a.example/rights"), RightsReader.Read(MetadataFiles.Jpeg(MetadataFiles.Xmp(MetadataFiles.Rights))));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_ExifOnly_TakesArtistAndBothNotices(bool little) => Assert.Equal(
        new PictureRights("(c) Eve; (c) Ed", "Eve", null), RightsReader.Read(MetadataFiles.Jpeg(MetadataFiles.Exif(little))));

    [Fact]
    public void Read_XmpAndExif_XmpCounts() => Assert.Equal(
        "Ada; Bob", RightsReader.Read(MetadataFiles.Jpeg(MetadataFiles.Exif(true), MetadataFiles.Xmp(MetadataFiles.Rights)))!.Creator);

    [Fact]
    public void Read_CreditAndLicensor_StandInForCreatorAndStatement() => Assert.Equal(
        new PictureRights(null, "The Agency", "https://a.example/licence"), RightsReader.Read(MetadataFiles.Jpeg(MetadataFiles.Xmp(MetadataFiles.Packet(
            "xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' photoshop:Credit='The Agency'",
            "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType='Resource'><plus:LicensorName>An agency</plus:LicensorName>"
            + "<plus:LicensorURL>https://a.example/licence</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>")))));

    [Fact]
    public void Read_NothingSaid_IsNull()
    {
        Assert.Null(RightsReader.Read(MetadataFiles.Jpeg(MetadataFiles.Xmp(MetadataFiles.Packet(elements: "<dc:rights> </dc:rights>")))));
        Assert.Null(RightsReader.Read(MetadataFiles.Jpeg()));
    }

    [Fact]
    public void Read_EndlessNotice_IsCut() => Assert.Equal(
        2000, RightsReader.Read(MetadataFiles.Jpeg(MetadataFiles.Xmp(MetadataFiles.Packet(elements: $"<dc:rights>{new string('x', 9000)}</dc:rights>"))))!.Copyright!.Length);
}

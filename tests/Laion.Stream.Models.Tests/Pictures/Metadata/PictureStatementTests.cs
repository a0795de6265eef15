using System.Text;
using LaionStream.Models.Pictures.Metadata;

namespace LaionStream.Models.Tests.Pictures.Metadata;

/// <summary>What pictures of every format say about their use.</summary>
public sealed class PictureStatementTests
{
    private const string Guid = "0123456789ABCDEF0123456789ABCDEF";
    private const string Uri = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING";

    public static TheoryData<string, byte[]> Files(string word)
    {
        byte[] packet = Encoding.UTF8.GetBytes(MetadataFiles.Mining(word));
        return new()
        {
            { "jpeg", MetadataFiles.Jpeg(MetadataFiles.Segment(0xE0, [.. "JFIF\0"u8]), MetadataFiles.Xmp(packet)) },
            { "jpeg, second packet", MetadataFiles.Jpeg(MetadataFiles.Xmp(MetadataFiles.Packet()), MetadataFiles.Xmp(packet)) },
            { "jpeg, stray and fill bytes", [0xFF, 0xD8, 0xFF, 0xFE, 0, 2, 1, 2, 0xFF, 0xFF, .. MetadataFiles.Jpeg(MetadataFiles.Xmp(packet))[2..]] },
            { "png", MetadataFiles.Png("iTXt", MetadataFiles.Text(packet, isCompressed: false)) },
            { "png, compressed", MetadataFiles.Png("iTXt", MetadataFiles.Text(packet, isCompressed: true)) },
            { "webp", MetadataFiles.WebP("XMP ", packet) },
            { "avif, in the file", MetadataFiles.Avif(packet, inside: false) },
            { "avif, in idat", MetadataFiles.Avif(packet, inside: true) },
            { "gif", [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x21, 0xFF, 11, .. "XMP DataXMP"u8, .. packet, 1, 0, 0, 0x3B] },
            { "tiff", [.. "II"u8, 42, 0, 8, 0, 0, 0, 0, 0, .. packet] },
        };
    }

    [Theory]
    [MemberData(nameof(Files), "DMI-PROHIBITED-AIMLTRAINING")]
    public void Of_XmpThatProhibits_IsFound(string name, byte[] file) => Assert.True(PictureStatement.Of(file).ProhibitsMining, name);

    [Theory]
    [MemberData(nameof(Files), "DMI-ALLOWED")]
    public void Of_XmpThatAllows_IsNothing(string name, byte[] file) => Assert.False(PictureStatement.Of(file).ProhibitsMining, name);

    [Theory]
    [InlineData("DMI-PROHIBITED", true)]
    [InlineData("DMI-PROHIBITED-AIMLTRAINING", true)]
    [InlineData("DMI-PROHIBITED-GENAIMLTRAINING", true)]
    [InlineData("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", true)]
    [InlineData("DMI-PROHIBITED-SEECONSTRAINT", true)]
    [InlineData("DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", true)]
    [InlineData("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", true)]
    [InlineData("DMI-ALLOWED", false)]
    [InlineData("DMI-UNSPECIFIED", false)]
    [InlineData("", false)]
    [InlineData("DMI-PROHIBITEDNOT", false)]
    public void Of_EachValueOfTheVocabulary_MeansWhatItSays(string key, bool prohibits) =>
        Assert.Equal(prohibits, Prohibits(MetadataFiles.Mining(key)));

    public static TheoryData<string, bool> Forms => new()
    {
        { MetadataFiles.Packet(elements: $"<plus:DataMining>{Uri}</plus:DataMining>"), true },
        { MetadataFiles.Packet(elements: $"<plus:DataMining>\n  {Uri}\n</plus:DataMining>"), true },
        { MetadataFiles.Packet(elements: $"<plus:DataMining><![CDATA[{Uri}]]></plus:DataMining>"), true },
        { MetadataFiles.Packet(elements: $"<plus:DataMining rdf:resource='{Uri}'/>"), true },
        { MetadataFiles.Packet(elements: $"<plus:DataMining><rdf:Bag><rdf:li>http://ns.useplus.org/ldf/vocab/DMI-ALLOWED</rdf:li><rdf:li>{Uri}</rdf:li></rdf:Bag></plus:DataMining>"), true },
        { MetadataFiles.Packet(elements: $"<plus:DataMining><rdf:Alt><rdf:li xml:lang='x-default'>{Uri}</rdf:li></rdf:Alt></plus:DataMining>"), true },
        { MetadataFiles.Packet(elements: $"<plus:DataMining><rdf:Seq><rdf:li rdf:resource='{Uri}'/></rdf:Seq></plus:DataMining>"), true },
        { MetadataFiles.Packet(elements: $"<plus:DataMining rdf:parseType='Resource'><rdf:value>{Uri}</rdf:value></plus:DataMining>"), true },
        { MetadataFiles.Packet(elements: "<plus:DataMining>dmi-prohibited</plus:DataMining>"), true }, // the key alone, as some programs write
        { MetadataFiles.Packet($"xmlns:p='http://ns.useplus.org/ldf/xmp/1.0/' p:DataMining='{Uri}'"), true },
        { MetadataFiles.Packet($"xmlns:other='http://example.org/' other:DataMining='{Uri}'"), false },
        { MetadataFiles.Packet($"DataMining='{Uri}'"), false },
        { MetadataFiles.Packet(elements: $"<dc:rights>plus:DataMining {Uri}</dc:rights>"), false },
        // The statement of an ingredient is not one of the picture.
        { MetadataFiles.Packet(elements: $"<dc:x><rdf:Bag><rdf:li><rdf:Description><plus:DataMining>{Uri}</plus:DataMining></rdf:Description></rdf:li></rdf:Bag></dc:x>"), false },
        { MetadataFiles.Packet(elements: $"<plus:DataMining/><dc:rights>{Uri}</dc:rights>"), false },
        // What comes before the damage counts, what would come behind it does not.
        { MetadataFiles.Packet(elements: $"<plus:DataMining>{Uri}</plus:DataMining><dc:x></dc:y>"), true },
        { MetadataFiles.Packet(elements: $"<dc:x></dc:y><plus:DataMining>{Uri}</plus:DataMining>"), false },
        { "<!DOCTYPE x [<!ENTITY v 'DMI-PROHIBITED'>]>" + MetadataFiles.Packet(elements: "<plus:DataMining>&v;</plus:DataMining>"), false },
        { $"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/'><plus:T plus:DataMining='{Uri}'/></rdf:RDF>", true },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Of_EveryFormOfAProperty_IsRead(string packet, bool prohibits) => Assert.Equal(prohibits, Prohibits(packet));

    [Fact]
    public void Of_EveryEncodingOfAPacket_IsRead()
    {
        string packet = MetadataFiles.Mining("DMI-PROHIBITED");
        Encoding[] encodings = [Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(true, false)];
        foreach (Encoding encoding in encodings)
        {
            Assert.True(PictureStatement.Of(MetadataFiles.Jpeg(MetadataFiles.Xmp(encoding.GetBytes(packet)))).ProhibitsMining, encoding.WebName);
            Assert.True(PictureStatement.Of(MetadataFiles.Jpeg(MetadataFiles.Xmp([.. encoding.GetPreamble(), .. encoding.GetBytes(packet + new string(' ', 99)), 0, 0, 0, 0]))).ProhibitsMining, encoding.WebName);
        }
    }

    [Fact]
    public void Of_ExtendedXmp_IsJoinedByTheGuidThatTheMainPacketNames()
    {
        byte[] main = MetadataFiles.Xmp(MetadataFiles.Packet($"xmpNote:HasExtendedXMP='{Guid}'"));
        byte[] packet = Encoding.UTF8.GetBytes(MetadataFiles.Mining("DMI-PROHIBITED"));
        byte[] first = MetadataFiles.Extension(Guid, packet.Length, 0, packet[..300]);
        byte[] second = MetadataFiles.Extension(Guid, packet.Length, 300, packet[300..]);
        byte[] foreign = MetadataFiles.Extension(new string('F', 32), packet.Length, 0, packet);

        Assert.True(PictureStatement.Of(MetadataFiles.Jpeg(main, first, second)).ProhibitsMining);
        Assert.True(PictureStatement.Of(MetadataFiles.Jpeg(second, first, main)).ProhibitsMining);
        Assert.False(PictureStatement.Of(MetadataFiles.Jpeg(main, foreign)).ProhibitsMining);
        Assert.False(PictureStatement.Of(MetadataFiles.Jpeg(first, second)).ProhibitsMining);
    }

    [Fact]
    public void Of_LengthsThatNoFileHas_AreBounded()
    {
        byte[] main = MetadataFiles.Xmp(MetadataFiles.Packet($"xmpNote:HasExtendedXMP='{Guid}'"));
        byte[] far = MetadataFiles.Extension(Guid, -1, -16, [1, 2, 3]);
        byte[] packet = Encoding.UTF8.GetBytes(MetadataFiles.Mining("DMI-PROHIBITED"));

        Assert.True(PictureStatement.Of(MetadataFiles.Jpeg(main, far, MetadataFiles.Extension(Guid, -1, 0, packet))).ProhibitsMining);
    }

    [Fact]
    public void Of_ItemThatIsNoXmp_IsNothing() => Assert.False(
        PictureStatement.Of(MetadataFiles.Avif(Encoding.UTF8.GetBytes(MetadataFiles.Mining("DMI-PROHIBITED")), inside: true, "text/plain")).ProhibitsMining);

    private static bool Prohibits(string packet) => PictureStatement.Of(MetadataFiles.Jpeg(MetadataFiles.Xmp(packet))).ProhibitsMining;
}

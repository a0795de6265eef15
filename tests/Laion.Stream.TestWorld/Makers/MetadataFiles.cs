using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using LaionStream.Models.Pictures.Png;

namespace LaionStream.TestWorld.Makers;

/// <summary>Picture files reduced to their metadata, and the metadata that go into them.</summary>
internal static class MetadataFiles
{
    private const string Vocabulary = "http://ns.useplus.org/ldf/vocab/";

    private static readonly byte[] ContentAuthenticity =
        [0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81];

    /// <summary>An XMP packet.</summary>
    /// <param name="attributes">Of the description.</param>
    /// <param name="elements">Inside it.</param>
    public static string Packet(string attributes = "", string elements = "") =>
        $"""
        <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
          xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" {attributes}>{elements}</rdf:Description>
        </rdf:RDF></x:xmpmeta>
        <?xpacket end="w"?>
        """;

    /// <summary>A packet with a value of plus:DataMining.</summary>
    public static string Mining(string key) => Packet($"""plus:DataMining="{Vocabulary}{key}" """);

    /// <summary>A packet with rights fields.</summary>
    public static string Rights => Packet(
        "xmpRights:WebStatement='https://a.example/rights'",
        """
        <dc:rights><rdf:Alt><rdf:li xml:lang='de'>Alle Rechte</rdf:li><rdf:li xml:lang='x-default'>All rights</rdf:li></rdf:Alt></dc:rights>
        <dc:creator><rdf:Seq><rdf:li>Ada</rdf:li><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>
        """);

    /// <summary>EXIF with an artist, and a copyright notice in two parts.</summary>
    public static byte[] Exif(bool little)
    {
        byte[] Short(int value) => little ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value];
        byte[] Long(int value) => little ? Little(value) : Big(value);
        byte[] artist = [.. "Eve\0"u8];
        byte[] notice = [.. "(c) Eve\0(c) Ed\0"u8];
        return Segment(0xE1, [.. "Exif\0\0"u8, .. little ? "II"u8 : "MM"u8, .. Short(42), .. Long(8), .. Short(2),
            .. Short(0x013B), .. Short(2), .. Long(artist.Length), .. artist, .. Short(0x8298), .. Short(2), .. Long(notice.Length), .. Long(38), .. Long(0), .. notice]);
    }

    /// <summary>A JPEG of segments without a scan.</summary>
    public static byte[] Jpeg(params byte[][] segments) => [0xFF, 0xD8, .. segments.SelectMany(segment => segment), 0xFF, 0xD9];

    /// <summary>A JPEG with further segments behind its first marker.</summary>
    public static byte[] Into(byte[] jpeg, params byte[][] segments) => [.. jpeg[..2], .. segments.SelectMany(segment => segment), .. jpeg[2..]];

    /// <summary>A segment of a JPEG.</summary>
    public static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    /// <summary>XMP in a JPEG.</summary>
    public static byte[] Xmp(byte[] packet) => Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. packet]);

    /// <inheritdoc cref="Xmp(byte[])"/>
    public static byte[] Xmp(string packet) => Xmp(Encoding.UTF8.GetBytes(packet));

    /// <summary>A piece of extended XMP in a JPEG.</summary>
    public static byte[] Extension(string guid, int length, int offset, byte[] piece) =>
        Segment(0xE1, [.. "http://ns.adobe.com/xmp/extension/\0"u8, .. Encoding.ASCII.GetBytes(guid), .. Big(length), .. Big(offset), .. piece]);

    /// <summary>A box in segments of APP11, each with at most some bytes.</summary>
    public static IEnumerable<byte[]> Boxes(byte[] box, int number, int most)
    {
        for (int i = 0, at = 8; at < box.Length; i++, at += most)
        {
            byte[] piece = box[at..Math.Min(box.Length, at + most)];
            yield return Segment(0xEB, [.. "JP"u8, (byte)(number >> 8), (byte)number, .. Big(i + 1), .. box[..8], .. piece]);
        }
    }

    /// <summary>A PNG of one pixel's head with a chunk.</summary>
    public static byte[] Png(string name, byte[] data) =>
        [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]), .. Chunk(name, data), .. Chunk("IEND", [])];

    /// <summary>A PNG with a chunk behind its head.</summary>
    public static byte[] IntoPng(byte[] png, string name, byte[] data) => [.. png[..33], .. Chunk(name, data), .. png[33..]];

    /// <summary>The data of an <c>iTXt</c> chunk with XMP.</summary>
    public static byte[] Text(byte[] packet, bool isCompressed)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) { zlib.Write(packet); }
        return [.. "XML:com.adobe.xmp\0"u8, isCompressed ? (byte)1 : (byte)0, 0, .. "en\0"u8, .. "XMP\0"u8, .. isCompressed ? packed.ToArray() : packet];
    }

    /// <summary>A WebP with a chunk.</summary>
    public static byte[] WebP(string name, byte[] data)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(name), .. Little(data.Length), .. data, .. new byte[data.Length & 1]];
        return [.. "RIFF"u8, .. Little(chunk.Length + 4 + 18), .. "WEBP"u8, .. "VP8X"u8, .. Little(10), .. new byte[10], .. chunk];
    }

    /// <summary>An AVIF with an item of XMP.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="inside">Whether it lies in the <c>idat</c> box, in two pieces, or at a place of the file.</param>
    /// <param name="contentType">The item's type.</param>
    public static byte[] Avif(byte[] packet, bool inside, string contentType = "application/rdf+xml")
    {
        byte[] brand = Box("ftyp", [.. "avif"u8, 0, 0, 0, 0, .. "avif"u8, .. "mif1"u8]);
        byte[] info = Box("infe", [2, 0, 0, 0, 0, 7, 0, 0, .. "mime"u8, .. "x\0"u8, .. Encoding.ASCII.GetBytes(contentType), 0]);
        byte[] other = Box("infe", [2, 0, 0, 0, 0, 1, 0, 0, .. "av01"u8, 0]);
        byte[] infos = Box("iinf", [0, 0, 0, 0, 0, 2, .. other, .. info]);
        int half = packet.Length / 2;
        byte[] Places(int at) => inside
            ? Box("iloc", [1, 0, 0, 0, 0x44, 0, 0, 2, .. Item(1, 0, (0, 4)), .. Item(7, 1, (0, half), (half, packet.Length - half))])
            : Box("iloc", [1, 0, 0, 0, 0x44, 0, 0, 2, .. Item(1, 0, (0, 4)), .. Item(7, 0, (at, packet.Length))]);
        byte[] Meta(int at) => Box("meta", [0, 0, 0, 0, .. infos, .. Places(at), .. inside ? Box("idat", packet) : []]);
        int start = brand.Length + Meta(0).Length + 8;
        return [.. brand, .. Meta(start), .. inside ? [] : Box("mdat", packet)];
    }

    /// <summary>An AVIF with a C2PA store.</summary>
    public static byte[] AvifWithStore(byte[] store) =>
        [.. Box("ftyp", [.. "avif"u8, 0, 0, 0, 0, .. "avif"u8]), .. Box("uuid", [.. ContentAuthenticity, 0, 0, 0, 0, .. "manifest\0"u8, .. new byte[8], .. store])];

    /// <summary>A box.</summary>
    public static byte[] Box(string name, byte[] content) => [.. Big(content.Length + 8), .. Encoding.ASCII.GetBytes(name), .. content];

    /// <summary>A superbox of JUMBF.</summary>
    public static byte[] SuperBox(string label, params byte[][] content) =>
        Box("jumb", [.. Box("jumd", [.. new byte[16], 3, .. Encoding.UTF8.GetBytes(label), 0]), .. content.SelectMany(box => box)]);

    /// <summary>A C2PA store.</summary>
    /// <param name="manifests">From the oldest to the active one.</param>
    public static byte[] Store(params byte[][] manifests) => SuperBox("c2pa", manifests);

    /// <summary>A manifest with one assertion.</summary>
    public static byte[] Manifest(string label, byte[] content) => SuperBox(
        "urn:uuid:1", SuperBox("c2pa.assertions", SuperBox("c2pa.hash.data", Box("cbor", [0xA0])), SuperBox(label, content)), SuperBox("c2pa.claim", Box("cbor", [0xA0])));

    /// <summary>A store with one assertion, in CBOR.</summary>
    public static byte[] Training(string label, string entry, string use) => Store(Manifest(label, Box("cbor", Entries(entry, use))));

    /// <summary>The content of an assertion: an entry and another that allows, in CBOR.</summary>
    public static byte[] Entries(string entry, string use) =>
        [0xA1, .. CborText("entries"), 0xA2, .. CborText("c2pa.other"), 0xA1, .. CborText("use"), .. CborText("allowed"), .. CborText(entry), 0xA2,
            .. CborText("constraint_info"), .. CborText("ask"), .. CborText("use"), .. CborText(use)];

    /// <summary>A text in CBOR.</summary>
    public static byte[] CborText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return utf8.Length < 24 ? [(byte)(0x60 + utf8.Length), .. utf8] : [0x78, (byte)utf8.Length, .. utf8];
    }

    private static byte[] Item(int number, int method, params (int Offset, int Length)[] extents) =>
        [0, (byte)number, 0, (byte)method, 0, 0, 0, (byte)extents.Length, .. extents.SelectMany(extent => (byte[])[.. Big(extent.Offset), .. Big(extent.Length)])];

    private static byte[] Chunk(string name, byte[] data) =>
        [.. Big(data.Length), .. Encoding.ASCII.GetBytes(name), .. data, .. Big((int)PngCrc.Of(Encoding.ASCII.GetBytes(name), data))];

    private static byte[] Big(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}

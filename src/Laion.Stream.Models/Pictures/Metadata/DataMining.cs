namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// What <c>plus:DataMining</c> says (IPTC Photo Metadata 2023.1; PLUS LDF, vocabulary <c>http://ns.useplus.org/ldf/vocab/</c>). Every value that prohibits
/// concerns a dataset for training: also that with an exception for search engines, and those that refer to constraints or rights expressions elsewhere.
/// </summary>
internal static class DataMining
{
    /// <summary>The property's local name.</summary>
    public const string Name = "DataMining";

    private const string Space = "http://ns.useplus.org/ldf/xmp/1.0/";
    private const string Prohibited = "DMI-PROHIBITED";

    /// <summary>Whether a packet prohibits mining.</summary>
    public static bool IsProhibited(ReadOnlySpan<byte> packet) =>
        XmpPacket.MayContain(packet, Name)
        && XmpReader.Read(XmpPacket.TextOf(packet), static (space, name) => name == Name && space == Space).Any(value => Prohibits(value.Text));

    /// <summary>Whether a value prohibits mining: an address of the vocabulary, or its last part alone, as some programs write.</summary>
    public static bool Prohibits(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<char> key = value[(value.LastIndexOfAny('/', '#') + 1)..];
        return key.StartsWith(Prohibited, StringComparison.OrdinalIgnoreCase) && key[Prohibited.Length..] is [] or ['-', ..];
    }
}

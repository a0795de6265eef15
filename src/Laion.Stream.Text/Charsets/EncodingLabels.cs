using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;

namespace LaionStream.Text.Charsets;

/// <summary>
/// The labels of the WHATWG Encoding Standard (section 4.2) and decoders for them, loaded once from the embedded <c>encodings.bin</c> that
/// <c>make-encodings.mjs</c> makes. The platform's own code pages differ from the standard in all but a few. Left out are the labels that the standard
/// does not decode either (<c>replacement</c>), and <c>x-user-defined</c>.
/// </summary>
internal static class EncodingLabels
{
    private static readonly FrozenDictionary<string, PageEncoding> ByLabel = Load();

    /// <summary>UTF-8.</summary>
    public static PageEncoding Utf8 { get; } = ByLabel["utf-8"];

    /// <summary>UTF-16, big endian.</summary>
    public static PageEncoding Utf16BigEndian { get; } = ByLabel["utf-16be"];

    /// <summary>UTF-16, little endian.</summary>
    public static PageEncoding Utf16LittleEndian { get; } = ByLabel["utf-16le"];

    /// <summary>What browsers use for ISO-8859-1, and as their default.</summary>
    public static PageEncoding Windows1252 { get; } = ByLabel["windows-1252"];

    /// <summary>All labels, lower case.</summary>
    public static IEnumerable<string> All => ByLabel.Keys;

    /// <summary>The encoding of a label in any case; null when the label is unknown.</summary>
    public static PageEncoding? Find(ReadOnlySpan<char> label) => ByLabel.GetValueOrDefault(label.Trim(" \t\r\n\f").ToString());

    private static FrozenDictionary<string, PageEncoding> Load()
    {
        using Stream resource = typeof(EncodingLabels).Assembly.GetManifestResourceStream("encodings.bin")
            ?? throw new InvalidOperationException("The assembly lacks its resource encodings.bin.");
        using var unpacked = new BrotliStream(resource, CompressionMode.Decompress);
        using var reader = new BinaryReader(unpacked, Encoding.Latin1);
        (string Name, string Labels)[] names = new (string, string)[reader.Read7BitEncodedInt()];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = (reader.ReadString(), reader.ReadString());
        }

        var indexes = new Dictionary<string, int[]>();
        for (int left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            indexes.Add(reader.ReadString(), ReadIndex(reader));
        }

        return names
            .Select(row => (row.Labels, Encoding: Create(row.Name, indexes)))
            .SelectMany(row => row.Labels.Split(' ').Select(label => KeyValuePair.Create(label, row.Encoding)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static int[] ReadIndex(BinaryReader reader)
    {
        int[] index = new int[reader.Read7BitEncodedInt()];
        int last = 0;
        for (int i = 0; i < index.Length; i++)
        {
            int difference = reader.Read7BitEncodedInt();
            last += (difference & 1) == 0 ? difference >> 1 : -((difference + 1) >> 1);
            index[i] = last;
        }

        return index;
    }

    private static PageEncoding Create(string name, Dictionary<string, int[]> indexes) => name switch
    {
        "utf-8" => new PlatformEncoding(name, Encoding.UTF8),
        "utf-16be" => new PlatformEncoding(name, Encoding.BigEndianUnicode),
        "utf-16le" => new PlatformEncoding(name, Encoding.Unicode),
        "gbk" or "gb18030" => new Gb18030Encoding(name, indexes["gb18030"], indexes["gb18030-ranges"]),
        "big5" => new Big5Encoding(indexes[name]),
        "euc-kr" => new EucKrEncoding(indexes[name]),
        "euc-jp" => new EucJpEncoding(indexes["jis0208"], indexes["jis0212"]),
        "shift_jis" => new ShiftJisEncoding(indexes["jis0208"]),
        "iso-2022-jp" => new Iso2022JpEncoding(indexes["jis0208"]),
        "iso-8859-8-i" => new SingleByteEncoding(name, indexes["iso-8859-8"]),
        _ => new SingleByteEncoding(name, indexes[name]),
    };
}

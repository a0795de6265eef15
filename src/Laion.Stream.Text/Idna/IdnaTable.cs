using System.IO.Compression;

namespace LaionStream.Text.Idna;

/// <summary>
/// Unicode 17.0 data for domain names, loaded once from the embedded <c>idna.bin</c> that <c>make-idna-table.mjs</c> makes; data © Unicode, Inc.,
/// under the Unicode License v3. We carry our own because the process runs without the machine's ICU.
/// </summary>
internal sealed class IdnaTable
{
    private readonly ushort[] _blocks;
    private readonly ushort[] _words;
    private readonly Dictionary<long, int> _compositions;

    private IdnaTable(BinaryReader reader)
    {
        ViramaRank = reader.ReadInt32();
        _blocks = ReadWords(reader, reader.ReadInt32());
        _words = ReadWords(reader, reader.ReadInt32());
        Mappings = ReadTexts(reader);
        Decompositions = ReadTexts(reader);
        int count = reader.ReadInt32();
        _compositions = new Dictionary<long, int>(count);
        for (int i = 0; i < count; i++)
        {
            _compositions.Add(Pair(reader.ReadInt32(), reader.ReadInt32()), reader.ReadInt32());
        }
    }

    /// <summary>The table.</summary>
    public static IdnaTable Instance { get; } = Load();

    /// <summary>Combining rank of the viramas (class 9).</summary>
    public int ViramaRank { get; }

    /// <summary>The replacements of mapped code points.</summary>
    public TextTable Mappings { get; }

    /// <summary>Full canonical decompositions, without Hangul.</summary>
    public TextTable Decompositions { get; }

    /// <summary>The facts about a code point; it must be below U+110000.</summary>
    public CodePointFacts this[int codePoint] => new(_words[(_blocks[codePoint >> 7] << 7) | (codePoint & 127)]);

    /// <summary>The composition of two code points, or -1; without Hangul.</summary>
    public int Compose(int first, int second) => _compositions.TryGetValue(Pair(first, second), out int composed) ? composed : -1;

    private static IdnaTable Load()
    {
        using Stream resource = typeof(IdnaTable).Assembly.GetManifestResourceStream("idna.bin")
            ?? throw new InvalidOperationException("The assembly lacks its resource idna.bin.");
        using var plain = new BrotliStream(resource, CompressionMode.Decompress);
        using var reader = new BinaryReader(plain);
        return new IdnaTable(reader);
    }

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    private static ushort[] ReadWords(BinaryReader reader, int count)
    {
        var words = new ushort[count];
        for (int i = 0; i < count; i++)
        {
            words[i] = reader.ReadUInt16();
        }

        return words;
    }

    private static TextTable ReadTexts(BinaryReader reader)
    {
        var codePoints = new int[reader.ReadInt32()];
        for (int i = 0; i < codePoints.Length; i++)
        {
            codePoints[i] = reader.ReadInt32();
        }

        ushort[] ends = ReadWords(reader, codePoints.Length);
        return new TextTable(codePoints, ends, Array.ConvertAll(ReadWords(reader, ends[^1]), word => (char)word));
    }
}

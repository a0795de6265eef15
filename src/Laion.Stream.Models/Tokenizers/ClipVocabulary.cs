using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LaionStream.Models.Onnx;

namespace LaionStream.Models.Tokenizers;

/// <summary>A byte-level BPE vocabulary in CLIP's form: byte symbols, byte symbols that end a word, merges, start and end.</summary>
internal sealed class ClipVocabulary
{
    private const string WordEnd = "</w>";

    /// <summary>
    /// Merges used of CLIP's own file: vocabulary of 49,152 less 512 byte symbols and the two special tokens (openai/CLIP clip/simple_tokenizer.py).
    /// </summary>
    private const int ClipMerges = 49152 - 256 - 2;

    private readonly int[] _inner = new int[256];
    private readonly int[] _final = new int[256];
    private readonly Dictionary<ulong, Merge> _merges;

    private ClipVocabulary(Func<string, int?> idOf, IReadOnlyList<(string Left, string Right)> merges, int start, int end, int size)
    {
        for (int b = 0; b < 256; b++)
        {
            string symbol = ByteSymbols.Of[b].ToString();
            _inner[b] = idOf(symbol) ?? throw Broken($"has no symbol for byte {b}");
            _final[b] = idOf(symbol + WordEnd) ?? throw Broken($"has no word-end symbol for byte {b}");
        }

        _merges = new Dictionary<ulong, Merge>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            if (idOf(left) is not { } l || idOf(right) is not { } r || idOf(left + right) is not { } joined)
            {
                throw Broken($"does not hold merge {rank} ({left} {right})");
            }

            _merges.TryAdd(Pair(l, r), new Merge(rank, joined));
        }

        Start = start;
        End = end;
        Size = size;
    }

    /// <summary>Id of <c>&lt;|startoftext|&gt;</c>.</summary>
    public int Start { get; }

    /// <summary>Id of <c>&lt;|endoftext|&gt;</c>.</summary>
    public int End { get; }

    /// <summary>Number of ids.</summary>
    public int Size { get; }

    /// <summary>Id of a byte inside a word.</summary>
    public int Inner(byte b) => _inner[b];

    /// <summary>Id of a byte that ends a word.</summary>
    public int Final(byte b) => _final[b];

    /// <summary>The merge of two adjacent symbols, with its rank; false if there is none.</summary>
    public bool TryMerge(int left, int right, out Merge merge) => _merges.TryGetValue(Pair(left, right), out merge);

    /// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <exception cref="ModelException">They are not such a vocabulary.</exception>
    public static ClipVocabulary FromVocabAndMerges(string vocabPath, string mergesPath)
    {
        using FileStream file = File.OpenRead(vocabPath);
        var ids = JsonSerializer.Deserialize(file, VocabularyJson.Default.DictionaryStringInt32) ?? throw Broken("is empty");
        return FromIds(ids, [.. ReadMerges(File.ReadLines(mergesPath))]);
    }

    /// <summary>Reads <c>tokenizer.json</c> (Hugging Face tokenizers) whose model is BPE.</summary>
    /// <exception cref="ModelException">It is not such a vocabulary.</exception>
    public static ClipVocabulary FromTokenizerJson(JsonElement root)
    {
        JsonElement model = root.GetProperty("model");
        var ids = model.GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal);
        foreach (JsonElement added in root.TryGetProperty("added_tokens", out JsonElement list) ? list.EnumerateArray() : default)
        {
            ids[added.GetProperty("content").GetString()!] = added.GetProperty("id").GetInt32();
        }

        // Older files hold "left right", newer ones ["left", "right"].
        var merges = model.GetProperty("merges").EnumerateArray()
            .Select(m => m.ValueKind == JsonValueKind.Array ? (m[0].GetString()!, m[1].GetString()!) : Split(m.GetString()!)).ToList();
        return FromIds(ids, merges);
    }

    /// <summary>Reads OpenAI's <c>bpe_simple_vocab_16e6.txt.gz</c>; ids follow from the order: bytes, word-end bytes, 48,894 merges, start, end.</summary>
    /// <exception cref="ModelException">It is not that file.</exception>
    public static ClipVocabulary FromOpenAi(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        var merges = new List<(string, string)>(ClipMerges);
        text.ReadLine(); // a version line
        while (merges.Count < ClipMerges && text.ReadLine() is { } line) { merges.Add(Split(line)); }

        if (merges.Count < ClipMerges) { throw Broken($"{path} holds {merges.Count} merges of {ClipMerges}"); }

        string[] bytes = [.. ByteSymbols.InVocabularyOrder.Select(b => ByteSymbols.Of[b].ToString())];
        string[] all = [.. bytes, .. bytes.Select(b => b + WordEnd), .. merges.Select(m => m.Item1 + m.Item2), ClipTokenizer.StartToken,
            ClipTokenizer.EndToken];
        var ids = new Dictionary<string, int>(all.Length, StringComparer.Ordinal);

        // Python builds the same table with dict(zip(…)): of two equal symbols the later id wins.
        for (int id = 0; id < all.Length; id++) { ids[all[id]] = id; }

        return FromIds(ids, merges);
    }

    private static ClipVocabulary FromIds(Dictionary<string, int> ids, IReadOnlyList<(string Left, string Right)> merges)
    {
        int start = ids.TryGetValue(ClipTokenizer.StartToken, out int s) ? s : throw Broken($"has no {ClipTokenizer.StartToken}");
        int end = ids.TryGetValue(ClipTokenizer.EndToken, out int e) ? e : throw Broken($"has no {ClipTokenizer.EndToken}");
        return new ClipVocabulary(token => ids.TryGetValue(token, out int id) ? id : null, merges, start, end, ids.Values.Max() + 1);
    }

    private static IEnumerable<(string Left, string Right)> ReadMerges(IEnumerable<string> lines) =>
        lines.Where((line, at) => line.Length > 0 && !(at == 0 && line.StartsWith("#version", StringComparison.Ordinal))).Select(Split);

    private static (string Left, string Right) Split(string line) =>
        line.IndexOf(' ') is > 0 and int space ? (line[..space], line[(space + 1)..].TrimEnd()) : throw Broken($"has a merge without two parts: {line}");

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private static ModelException Broken(string what) =>
        new("Laion:Models:Path", string.Create(CultureInfo.InvariantCulture, $"The CLIP vocabulary {what}."));

    /// <summary>One merge.</summary>
    /// <param name="Rank">Its place in the list: lower ranks are merged first.</param>
    /// <param name="Id">The merged symbol.</param>
    internal readonly record struct Merge(int Rank, int Id);
}

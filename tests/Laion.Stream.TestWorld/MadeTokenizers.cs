using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace LaionStream.TestWorld;

/// <summary>Small <c>tokenizer.json</c> files in the forms of multilingual models.</summary>
public static class MadeTokenizers
{
    /// <summary>A cased WordPiece vocabulary.</summary>
    public static string WordPiece { get; } = JsonSerializer.Serialize(new
    {
        added_tokens = new[] { new { id = 0, content = "[PAD]" }, new { id = 1, content = "[UNK]" } },
        normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = (bool?)null, lowercase = false },
        pre_tokenizer = new { type = "BertPreTokenizer" },
        post_processor = new { type = "BertProcessing", sep = new object[] { "[SEP]", 3 }, cls = new object[] { "[CLS]", 2 } },
        padding = new { pad_id = 0 },
        model = new
        {
            type = "WordPiece",
            unk_token = "[UNK]",
            continuing_subword_prefix = "##",
            max_input_chars_per_word = 12,
            vocab = new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "Ein", "ein", "Kreis", "##e", "##lauf", "rot", "##er", ",", "!", "赤", "い", "##い" }
                .Select((token, id) => (token, id)).ToDictionary(p => p.token, p => p.id),
        },
    });

    /// <summary>A unigram vocabulary with XLM-R's start and end tokens and a character map that replaces ﬁ by two letters and Å by one.</summary>
    public static string Unigram { get; } = JsonSerializer.Serialize(new
    {
        normalizer = new
        {
            type = "Sequence",
            normalizers = new object[] { new { type = "Precompiled",
            precompiled_charsmap = Convert.ToBase64String(Map(("ﬁ", "fi"), ("A\u030A", "Å"), ("\u00A0", " "))) } }
        },
        pre_tokenizer = new
        {
            type = "Sequence",
            pretokenizers = new object[] { new { type = "WhitespaceSplit" }, new { type = "Metaspace", replacement = "▁", prepend_scheme = "always" } }
        },
        post_processor = new
        {
            type = "TemplateProcessing",
            single = new object[]
            {
                new { SpecialToken = new { id = "<s>", type_id = 0 } }, new { Sequence = new { id = "A",
                    type_id = 0 } }, new { SpecialToken = new { id = "</s>", type_id = 0 } },
            },
        },
        model = new
        {
            type = "Unigram",
            unk_id = 3,
            vocab = new object[][]
            {
                ["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["▁", -4.0], ["▁fish", -6.0], ["▁f", -5.0], ["i", -5.5], ["sh", -5.0], ["fi",
                    -7.0], ["s", -6.0], ["h", -6.0], ["Å", -7.0], ["f", -6.0],
            },
        },
    });

    /// <summary>A character map: every key's path gets its own blocks of the double array.</summary>
    private static byte[] Map(params (string From, string To)[] entries)
    {
        var units = new List<uint>(new uint[256]);
        var strings = new MemoryStream();
        var blocks = new Dictionary<int, int>();
        int Block(int node)
        {
            if (!blocks.TryGetValue(node, out int block))
            {
                blocks[node] = block = units.Count;
                units.AddRange(new uint[256]);
                uint offset = (uint)(node ^ block);
                units[node] |= offset < 1 << 21 ? offset << 10 : throw new InvalidOperationException("the made map is too large");
            }

            return block;
        }

        foreach ((string from, string to) in entries)
        {
            int node = 0;
            foreach (byte b in Encoding.UTF8.GetBytes(from))
            {
                int child = Block(node) + b;
                units[child] |= b;
                node = child;
            }

            int leaf = Block(node);
            units[node] |= 1 << 8;
            units[leaf] = 0x80000000 | (uint)strings.Length;
            strings.Write([.. Encoding.UTF8.GetBytes(to), 0]);
        }

        var map = new byte[4 + (units.Count * 4)];
        BinaryPrimitives.WriteInt32LittleEndian(map, units.Count * 4);
        for (int i = 0; i < units.Count; i++) { BinaryPrimitives.WriteUInt32LittleEndian(map.AsSpan(4 + (i * 4)), units[i]); }

        return [.. map, .. strings.ToArray()];
    }
}

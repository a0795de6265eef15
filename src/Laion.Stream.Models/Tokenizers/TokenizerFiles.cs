using System.Text.Json;
using LaionStream.Models.Onnx;

namespace LaionStream.Models.Tokenizers;

/// <summary>Finds and reads a tokenizer in any of the common formats.</summary>
internal static class TokenizerFiles
{
    private const string OpenAi = "bpe_simple_vocab_16e6.txt.gz";

    /// <summary>Reads the first tokenizer found in the folders.</summary>
    /// <param name="folders">The folders to search, in order.</param>
    /// <param name="files">The files read.</param>
    /// <returns>Null when no folder contains one.</returns>
    /// <exception cref="ModelException">One was found but cannot be used.</exception>
    public static ITextTokenizer? Find(IEnumerable<string> folders, out IReadOnlyList<string> files)
    {
        foreach (string folder in folders.Where(Directory.Exists))
        {
            string vocab = Path.Combine(folder, "vocab.json");
            string merges = Path.Combine(folder, "merges.txt");
            if (File.Exists(vocab) && File.Exists(merges))
            {
                files = [vocab, merges];
                return Guard(vocab, () => new ClipTokenizer(ClipVocabulary.FromVocabAndMerges(vocab, merges)));
            }

            string json = Path.Combine(folder, "tokenizer.json");
            if (File.Exists(json))
            {
                files = [json];
                return Guard(json, () => FromJson(json));
            }

            string openAi = Path.Combine(folder, OpenAi);
            if (File.Exists(openAi))
            {
                files = [openAi];
                return Guard(openAi, () => new ClipTokenizer(ClipVocabulary.FromOpenAi(openAi)));
            }
        }

        files = [];
        return null;
    }

    private static ITextTokenizer FromJson(string path)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = json.RootElement;
        string? type = root.GetProperty("model").TryGetProperty("type", out JsonElement t) ? t.GetString() : "BPE";
        return type switch
        {
            "BPE" => new ClipTokenizer(ClipVocabulary.FromTokenizerJson(root)),
            "WordPiece" => WordPieceTokenizer.FromTokenizerJson(root),
            "Unigram" => UnigramTokenizer.FromTokenizerJson(root),
            _ => throw new ModelException("Laion:Models:Path", $"{path} holds a {type} model; BPE, WordPiece and Unigram can be used."),
        };
    }

    private static ITextTokenizer Guard(string path, Func<ITextTokenizer> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or InvalidDataException or FormatException
            or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new ModelException("Laion:Models:Path", $"{path} is not a tokenizer that can be read: {e.Message}", e);
        }
    }
}

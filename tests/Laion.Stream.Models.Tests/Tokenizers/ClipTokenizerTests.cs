using System.Text.Json;
using LaionStream.Models.Tokenizers;
using LaionStream.TestWorld;
using LaionStream.Text.Captions;

namespace LaionStream.Models.Tests.Tokenizers;

public sealed class ClipTokenizerTests
{
    private static readonly Lazy<ClipVocabulary> OpenAi =
        new(() => ClipVocabulary.FromOpenAi(SharedData.PathOf("models", "clip-bpe", "bpe_simple_vocab_16e6.txt.gz")));

    private static readonly Lazy<ClipTokenizer> Small = new(() => (ClipTokenizer)TokenizerFiles.Find([BundledModels.TinyClip], out _)!);

    [SkippableFact]
    public void Encode_GoldenTexts_GivesOpenAisIds()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var tokenizer = new ClipTokenizer(OpenAi.Value);
        var wrong = new List<string>();
        int rows = 0;
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "golden", "clip-ids-plain.jsonl")))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            string text = row.RootElement.GetProperty("text").GetString()!;
            int[] expected = [.. row.RootElement.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];
            var ids = new int[77];
            TokenCount count = tokenizer.Encode(text, ids);
            if (!ids.AsSpan(0, count.Written).SequenceEqual(expected) || count.Total != row.RootElement.GetProperty("n").GetInt32()) { wrong.Add(line); }

            rows++;
        }

        Assert.Equal(2579, rows);
        Assert.Empty(wrong);
    }

    [SkippableFact]
    public void Encode_FixtureTexts_GivesHuggingFacesIds()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var tokenizer = new ClipTokenizer(OpenAi.Value);
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("models", "fixtures", "clip_tokens.json")));
        int compared = 0;
        foreach (JsonElement row in fixture.RootElement.GetProperty("cases").EnumerateArray())
        {
            // That tokenizer does not decode entities or special tokens written in a text; OpenAI's does, and so does ours.
            string given = row.GetProperty("text").GetString()!;
            if (given.Contains("<|", StringComparison.Ordinal) || given.Contains("&amp;", StringComparison.Ordinal)) { continue; }

            compared++;
            string text = Nfc.Normalize(given); // that tokenizer composes; ours is given composed captions
            Assert.Equal(row.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()), Ids(tokenizer, text));
        }

        Assert.Equal(42, compared);
    }

    [Fact]
    public void Encode_SmallVocabulary_GivesTheIdsTheModelWasTrainedWith()
    {
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BundledModels.TinyClipFixture, "expected.json")));
        JsonElement root = fixture.RootElement;
        foreach ((JsonElement caption, JsonElement ids) in root.GetProperty("captions").EnumerateArray().Zip(root.GetProperty("input_ids").EnumerateArray()))
        {
            Assert.Equal(ids.EnumerateArray().Select(i => i.GetInt32()), Ids(Small.Value, caption.GetString()!));
        }
    }

    [Theory]
    [InlineData("a  red\tcircle \n", "a red circle")]
    [InlineData("A RED CIRCLE", "a red circle")]
    [InlineData("a red circle&amp;amp;", "a red circle&")]
    [InlineData("\u001Fa red circle\u001C", "a red circle")]
    [InlineData("ΟΔΟΣ ΟΔΟΣ.", "οδος οδος.")]
    [InlineData("İ", "i\u0307")]
    public void Encode_TextThatOpenAiCleans_IsTheCleanText(string text, string clean) => Assert.Equal(Ids(Small.Value, clean), Ids(Small.Value, text));

    [Fact]
    public void Encode_TextBeyondTheContext_KeepsTheEndToken()
    {
        var ids = new int[16];
        TokenCount count = Small.Value.Encode(string.Concat(Enumerable.Repeat("red circle ", 100)), ids);

        Assert.Equal(16, count.Written);
        Assert.True(count.Total > 100);
        Assert.Equal(Small.Value.Vocabulary.End, ids[15]);
    }

    [Fact]
    public void Encode_SpecialTokenInText_IsThatToken() =>
        Assert.Contains(Small.Value.Vocabulary.End, Ids(Small.Value, "red <|endoftext|> circle")[1..^1]);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Encode_NoText_IsStartAndEnd(string text) =>
        Assert.Equal([Small.Value.Vocabulary.Start, Small.Value.Vocabulary.End], Ids(Small.Value, text));

    [Fact]
    public void Encode_VeryLongWord_EqualsTheShortWordsRule()
    {
        // Words above the scan limit use the queue; both must give the same merges.
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            int[] symbols = [.. Enumerable.Range(0, random.Next(65, 400)).Select(_ => Small.Value.Vocabulary.Inner((byte)"aeinrst"[random.Next(7)]))];
            int[] queue = [.. symbols];
            int kept = BytePairs.Join(Small.Value.Vocabulary, queue);

            Assert.Equal(Reference(Small.Value.Vocabulary, [.. symbols]), queue[..kept]);
        }
    }

    [Fact]
    public void Encode_HostileWord_TakesBoundedTime()
    {
        string word = new('a', 200_000);
        long before = Environment.CpuUsage.TotalTime.Ticks;
        Ids(new ClipTokenizer(Small.Value.Vocabulary), word);

        Assert.True(TimeSpan.FromTicks(Environment.CpuUsage.TotalTime.Ticks - before) < TimeSpan.FromSeconds(10));
    }

    private static int[] Ids(ClipTokenizer tokenizer, string text)
    {
        var ids = new int[77];
        return ids[..tokenizer.Encode(text, ids).Written];
    }

    /// <summary>The rule as OpenAI writes it: of all adjacent pairs the one with the lowest rank is merged everywhere, until none is left.</summary>
    private static List<int> Reference(ClipVocabulary vocabulary, List<int> symbols)
    {
        while (true)
        {
            (int Rank, int Left, int Right, int Id) best = (int.MaxValue, 0, 0, 0);
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                if (vocabulary.TryMerge(symbols[i], symbols[i + 1], out ClipVocabulary.Merge merge) && merge.Rank < best.Rank)
                {
                    best = (merge.Rank, symbols[i], symbols[i + 1], merge.Id);
                }
            }

            if (best.Rank == int.MaxValue) { return symbols; }

            var joined = new List<int>();
            for (int i = 0; i < symbols.Count; i++)
            {
                bool pair = i + 1 < symbols.Count && symbols[i] == best.Left && symbols[i + 1] == best.Right;
                joined.Add(pair ? best.Id : symbols[i]);
                if (pair) { i++; }
            }

            symbols = joined;
        }
    }
}

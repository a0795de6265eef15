using System.Text.Json;
using LaionStream.Models.Tokenizers;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Tokenizers;

public sealed class MultilingualTokenizerTests
{
    private static readonly WordPieceTokenizer WordPiece = WordPieceTokenizer.FromTokenizerJson(JsonDocument.Parse(MadeTokenizers.WordPiece).RootElement);
    private static readonly UnigramTokenizer Unigram = UnigramTokenizer.FromTokenizerJson(JsonDocument.Parse(MadeTokenizers.Unigram).RootElement);

    [Theory]
    [InlineData("Ein roter Kreis", new[] { 2, 4, 9, 10, 6, 3 })]
    [InlineData("Kreislauf, Kreise!", new[] { 2, 6, 8, 11, 6, 7, 12, 3 })]
    [InlineData("EIN Kreis", new[] { 2, 1, 6, 3 })]
    [InlineData("赤い", new[] { 2, 13, 14, 3 })]
    [InlineData("Kreiskreiskreis", new[] { 2, 1, 3 })]
    [InlineData("Kreis\u200B \u0000 ein", new[] { 2, 6, 5, 3 })]
    [InlineData("", new[] { 2, 3 })]
    public void Encode_WordPiece_TakesTheLongestPieces(string text, int[] ids) => Assert.Equal(ids, Ids(WordPiece, text));

    [Theory]
    [InlineData("fish", new[] { 0, 5, 2 })]
    [InlineData("ﬁsh", new[] { 0, 5, 2 })]
    [InlineData("fi", new[] { 0, 6, 7, 2 })]
    [InlineData("fish\u00A0fi", new[] { 0, 5, 6, 7, 2 })]
    [InlineData("A\u030A", new[] { 0, 4, 12, 2 })]
    [InlineData("fish 日本", new[] { 0, 5, 4, 3, 2 })]
    [InlineData("日f", new[] { 0, 4, 3, 13, 2 })]
    [InlineData("", new[] { 0, 2 })]
    public void Encode_Unigram_TakesTheLikeliestPieces(string text, int[] ids) => Assert.Equal(ids, Ids(Unigram, text));

    [Theory]
    [InlineData("Kreis\u0378ein", new[] { 2, 1, 3 })] // unassigned: a letter
    [InlineData("Kreis\u0890ein", new[] { 2, 1, 3 })] // a format character of Unicode 14: a letter
    [InlineData("Kreis\u061Dein", new[] { 2, 1, 3 })] // punctuation of Unicode 14: a letter
    [InlineData("Kreis\u166Dein", new[] { 2, 6, 1, 5, 3 })] // punctuation until Unicode 12
    [InlineData("Kreis\uE000ein", new[] { 2, 1, 3 })] // private use: removed, and the word with it
    [InlineData("Kreis\u2E2Eein", new[] { 2, 6, 1, 5, 3 })]
    public void Encode_CharactersByAge_AreClassedAsTheFilesOwnLibraryDoes(string text, int[] ids) => Assert.Equal(ids, Ids(WordPiece, text));

    [Fact]
    public void Encode_TooLong_KeepsTheEnd()
    {
        var ids = new int[4];

        Assert.Equal(new TokenCount(4, 7), WordPiece.Encode("Ein ein Ein ein Ein", ids));
        Assert.Equal([2, 4, 5, 3], ids);
    }

    [Theory]
    [InlineData("true", "null", "EIN KREIS", new[] { 2, 5, 1, 3 })]
    [InlineData("true", "null", "Éîn \u0130\u0110", new[] { 2, 5, 1, 3 })]
    [InlineData("true", "null", "RÖTER e\u0301in", new[] { 2, 9, 10, 5, 3 })]
    [InlineData("true", "false", "ROTER EIN", new[] { 2, 9, 10, 5, 3 })]
    [InlineData("true", "false", "RÖTER EIN", new[] { 2, 1, 5, 3 })]
    [InlineData("false", "true", "röter Ein", new[] { 2, 9, 10, 4, 3 })]
    public void Encode_UncasedWordPiece_LowersAndStripsAsTheFileSays(string lowers, string strips, string text, int[] ids)
    {
        string file = MadeTokenizers.WordPiece
            .Replace("\"lowercase\":false", $"\"lowercase\":{lowers}", StringComparison.Ordinal)
            .Replace("\"strip_accents\":null", $"\"strip_accents\":{strips}", StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(file);

        Assert.Equal(ids, Ids(WordPieceTokenizer.FromTokenizerJson(json.RootElement), text));
    }

    [Fact]
    public void Strip_Hangul_FallsIntoItsLetters() => Assert.Equal("\u1100\u1161\u11A8 aou ꝏ", Accents.Strip("\uAC01 äõu\u0327 ꝏ"));

    [Theory]
    [InlineData("fish日f", new[] { 0, 5, 14, 15, 16, 13, 2 })]
    [InlineData("é", new[] { 0, 4, 3, 2 })]
    public void Encode_UnigramWithBytes_SpellsUnknownCharacters(string text, int[] ids)
    {
        // 日 is E6 97 A5 in UTF-8; é is C3 A9, whose bytes have no pieces, so that it is unknown.
        string file = MadeTokenizers.Unigram
            .Replace("[\"f\",-6]", "[\"f\",-6],[\"\\u003C0xE6\\u003E\",0],[\"\\u003C0x97\\u003E\",0],[\"\\u003C0xA5\\u003E\",0]", StringComparison.Ordinal)
            .Replace("\"unk_id\":3", "\"unk_id\":3,\"byte_fallback\":true", StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(file);

        Assert.Equal(ids, Ids(UnigramTokenizer.FromTokenizerJson(json.RootElement), text));
    }

    private static int[] Ids(ITextTokenizer tokenizer, string text)
    {
        var ids = new int[32];
        return ids[..tokenizer.Encode(text, ids).Written];
    }
}

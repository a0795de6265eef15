using System.Text.Json;
using LaionStream.Engine.Inference.Tokenizers;

namespace LaionStream.Engine.Tests.Inference.Tokenizers;

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

    [Fact]
    public void Encode_TooLong_KeepsTheEnd()
    {
        var ids = new int[4];

        Assert.Equal(new TokenCount(4, 7), WordPiece.Encode("Ein ein Ein ein Ein", ids));
        Assert.Equal([2, 4, 5, 3], ids);
    }

    [Fact]
    public void FromTokenizerJson_UncasedModel_IsRefused()
    {
        using JsonDocument json = JsonDocument.Parse(MadeTokenizers.WordPiece.Replace("\"lowercase\":false", "\"lowercase\":true", StringComparison.Ordinal));

        Assert.Contains("strips accents", Assert.Throws<InvalidDataException>(() => WordPieceTokenizer.FromTokenizerJson(json.RootElement)).Message, StringComparison.Ordinal);
    }

    private static int[] Ids(ITextTokenizer tokenizer, string text)
    {
        var ids = new int[32];
        return ids[..tokenizer.Encode(text, ids).Written];
    }
}

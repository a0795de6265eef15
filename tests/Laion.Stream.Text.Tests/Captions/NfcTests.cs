using LaionStream.TestWorld;
using LaionStream.Text.Captions;

namespace LaionStream.Text.Tests.Captions;

public sealed class NfcTests
{
    /// <summary>Expected values are those of Python 3.11's unicodedata (Unicode 14.0).</summary>
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B \u2126 \uF900", "\u00C5 \u03A9 \u8C48")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b")]
    [InlineData("s\u0323\u0307 s\u0307\u0323", "\u1E69 \u1E69")]
    [InlineData("\u0958 \u09DF \u0344", "\u0915\u093C \u09AF\u09BC \u0308\u0301")]
    [InlineData("\u1100\u1161\u11A8 \uAC00\u11A8 \u1100\u0300\u1161", "\uAC01 \uAC01 \u1100\u0300\u1161")]
    [InlineData("\u09C7\u09BE \u0DD9\u0DCA", "\u09CB \u0DDA")]
    [InlineData("\uD804\uDC99\uD804\uDCBA", "\uD804\uDC9A")]
    [InlineData("\uD834\uDD5E \uD87E\uDC00", "\uD834\uDD57\uD834\uDD65 \u4E3D")]
    [InlineData("\u0301\u0300a", "\u0301\u0300a")]
    public void Normalize_AnyText_AnswersAsPython(string text, string expected) => Assert.Equal(expected, Nfc.Normalize(text));

    [Theory]
    [InlineData("plain")]
    [InlineData("d\u00E9j\u00E0 vu \uD55C\uAD6D\uC5B4 \U0001F600")]
    [InlineData("\u0E17\u0E35\u0E48")]
    public void Normalize_FormCAlready_ReturnsTheSameString(string text) => Assert.Same(text, Nfc.Normalize(text));

    [Fact]
    public void Normalize_LoneSurrogates_StayWhereTheyAre()
    {
        string text = "\uD800e\u0301\uDC00";

        Assert.Equal("\uD800\u00E9\uDC00", Nfc.Normalize(text));
    }

    [Fact]
    public void Normalize_Twice_ChangesNothingMore()
    {
        var random = new Random(4);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, 12).Select(_ => HostileText.Character(random)));
            string once = Nfc.Normalize(text);

            Assert.Equal(once, Nfc.Normalize(once));
        }
    }

    [Fact]
    public void Normalize_HostileRunOfMarks_IsSortedWithoutGoingQuadratic()
    {
        string marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 100_000));

        string normal = Nfc.Normalize("a" + marks);

        Assert.StartsWith("\u1EA1\u0323", normal, StringComparison.Ordinal);
        Assert.EndsWith("\u0301", normal, StringComparison.Ordinal);
    }
}

using LaionStream.Text.Html;

namespace LaionStream.Text.Tests.Html;

public sealed class HtmlEntitiesTests
{
    /// <summary>Expected values are those of <c>html.unescape</c> of Python 3.11.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("a & b && c &", "a & b && c &")]
    [InlineData("&amp;&lt;&gt;&quot;&apos;", "&<>\"'")]
    [InlineData("&ampamp; &amplt", "&amp; &lt")]
    [InlineData("&copy &copy2 &notit; &notin; &notinx;", "\u00A9 \u00A92 \u00ACit; \u2209 \u00ACinx;")]
    [InlineData("&Eacute;t&eacute &EACUTE;", "\u00C9t\u00E9 &EACUTE;")]
    [InlineData("&bne; &NotEqualTilde; &fjlig;", "=\u20E5 \u2242\u0338 fj")]
    [InlineData("&#65;&#x41;&#X41 &#65x &# &#x &#; &#x;", "AAA Ax &# &#x &#; &#x;")]
    [InlineData("&#0;&#128;&#x9f;&#129;&#13;", "\uFFFD\u20AC\u0178\u0081\r")]
    [InlineData("[&#1;&#11;&#127;&#xFDD0;&#xFFFF;&#x1FFFE;]", "[]")]
    [InlineData("&#xD800;&#x110000;&#99999999999999999999;&#x1F600;", "\uFFFD\uFFFD\uFFFD\U0001F600")]
    [InlineData("&unknown; &\u00E9; &a", "&unknown; &\u00E9; &a")]
    [InlineData("&ampaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;", "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;")]
    [InlineData("&CounterClockwiseContourIntegral;", "\u2233")]
    public void Unescape_AnyText_AnswersAsPython(string text, string expected)
    {
        Assert.Equal(expected, HtmlEntities.Unescape(text));
        Assert.Equal(expected, HtmlEntities.Unescape(text.AsSpan()));
    }

    [Fact]
    public void Unescape_NothingToDecode_ReturnsTheSameString()
    {
        string text = "AT&T & &zzz;";

        Assert.Same(text, HtmlEntities.Unescape(text));
    }

    [Theory]
    [InlineData("fish & chips &", true)]
    [InlineData("fish &; &<", true)]
    [InlineData("AT&T", false)]
    [InlineData("a &#65", false)]
    public void NothingIn_Ampersands_SaysWhetherOneMayBeginAReference(string text, bool nothing) => Assert.Equal(nothing, HtmlEntities.NothingIn(text));
}

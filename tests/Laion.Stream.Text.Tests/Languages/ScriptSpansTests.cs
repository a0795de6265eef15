using System.Text;
using LaionStream.Text.Languages;

namespace LaionStream.Text.Tests.Languages;

public sealed class ScriptSpansTests
{
    // models/cld3/cld3-weights.md, sections 1 and 2.
    [Theory]
    [InlineData("", "")]
    [InlineData("12 !?", "")]
    [InlineData("A photo of a cat.", " a photo of a cat ")]
    [InlineData("Кошка 1 и cat!", " кошка и  cat ")]
    [InlineData("東京タワー Tokyo", " 東京タワ  tokyo ")]
    [InlineData("한국 사진 a日b", " 한국 사진  a日b ")]
    [InlineData("Ünïcode, x1y2", " ünïcode x y ")]
    [InlineData("ΣΑΣ İstanbul ẞ", " σασ  istanbul ß ")]
    [InlineData("cat\u0085dog", " cat ")]
    [InlineData("cat\tdog\r\n", " cat dog ")]
    [InlineData("aβжж", " a  β  жж ")]
    [InlineData("e\u0301te\u0301", " e\u0301te\u0301 ")]
    public void Clean_Text_GivesSpansOfOneScript(string text, string cleaned)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] to = new byte[(bytes.Length * 3) + 1];
        int length = ScriptSpans.Clean(bytes, ScriptSpans.ValidPrefix(bytes), to);
        Assert.Equal(cleaned, Encoding.UTF8.GetString(to, 0, length));
    }

    [Theory]
    [InlineData("6361740064", 3)] // NUL
    [InlineData("63C3", 1)] // truncated
    [InlineData("63C080", 1)] // overlong
    [InlineData("63EDA080", 1)] // surrogate
    [InlineData("63F4908080", 1)] // above 10FFFF
    [InlineData("63EFBFBE", 1)] // FFFE
    [InlineData("63EFBFBD", 4)] // FFFD
    [InlineData("63C285", 1)] // 0085
    [InlineData("090A0C0D7E", 5)]
    [InlineData("7F", 0)]
    [InlineData("0B", 0)]
    public void ValidPrefix_Bytes_EndsBeforeTheFirstInvalidByte(string hex, int length) =>
        Assert.Equal(length, ScriptSpans.ValidPrefix(Convert.FromHexString(hex)));

    [Fact]
    public void ValidPrefix_LongText_EndsAtACharacterBoundary()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("語", 5000)));
        Assert.Equal(ScriptSpans.MaxTextBytes - 1, ScriptSpans.ValidPrefix(text));
    }

    [Fact]
    public void Clean_LettersOfAlternatingScripts_StaysInsideTheScratch()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("aβж", 5000)))[..ScriptSpans.MaxTextBytes];
        Assert.True(ScriptSpans.Clean(text, text.Length, new Cld3Scratch().Cleaned) > 2 * text.Length);
    }

    [Theory]
    [InlineData(" hello ", 1, false)]
    [InlineData(" 日本 ", 24, false)]
    [InlineData(" 한국일 ", 24, true)]
    [InlineData("   ", 0, false)]
    public void FirstSpan_CleanedText_NamesItsScript(string cleaned, int script, bool mostlyHangul) =>
        Assert.Equal((script, mostlyHangul), ScriptSpans.FirstSpan(Encoding.UTF8.GetBytes(cleaned), new byte[256]));
}

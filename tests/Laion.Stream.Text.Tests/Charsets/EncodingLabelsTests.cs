using LaionStream.Text.Charsets;

namespace LaionStream.Text.Tests.Charsets;

public class EncodingLabelsTests
{
    // Characters that the platform's code pages decode differently, or not at all; the answers of the standard's own tables.
    [Theory]
    [InlineData("iso-8859-10", "A1BABDF7FF", "Ąš\u2015ũĸ")]
    [InlineData("latin6", "AAFA", "Šú")]
    [InlineData("iso-8859-14", "A1A8AFD0F7DE", "ḂẀŸŴṫŶ")]
    [InlineData("iso-8859-16", "A4A5AABABFDE", "€„ȘșżȚ")]
    [InlineData("ISO-8859-3", "A1A5", "Ħ\uFFFD")]
    [InlineData("iso-8859-7", "A1A2A4A5", "‘’€₯")]
    [InlineData("iso-8859-8", "AFE0FDFE", "¯א\u200E\u200F")]
    [InlineData("logical", "E0FA", "את")]
    [InlineData("windows-1253", "C1AAD2", "Α\uFFFD\uFFFD")]
    [InlineData("windows-1255", "E0D9", "א\uFFFD")]
    [InlineData("windows-1252", "8081939F", "€\u0081“Ÿ")]
    [InlineData("macintosh", "BDDB8A", "Ω€ä")]
    [InlineData("x-mac-ukrainian", "A2B6FF", "Ґґ€")]
    [InlineData("koi8-ru", "AEBE", "ўЎ")]
    [InlineData("big5-hkscs", "A440FBFD9C5A8862", "一廴涏Ê̄")]
    [InlineData("euc-jp", "B4C18FB0A18EB141", "漢丂ｱA")]
    [InlineData("euc-jp", "B441", "\uFFFDA")]
    [InlineData("csshiftjis", "8ABF80B1F040", "漢\u0080ｱ\uE000")]
    [InlineData("iso-2022-jp", "1B2442342143241B284A5C1B28423F", "粥辰¥?")]
    [InlineData("ks_c_5601-1987", "B0A181418FB141", "가갂뤀A")]
    [InlineData("gb2312", "D6D080A2E3", "中€€")]
    [InlineData("gbk", "813081308431A43790308130", "\u0080\uFFFD\U00010000")]
    [InlineData("gb18030", "9439DA33", "💩")]
    [InlineData("GB18030", "A6D9", "︐")]
    public void Decode_BeyondThePlatformsCodePages_ReadsAsTheStandard(string label, string hex, string text) =>
        Assert.Equal(text, EncodingLabels.Find(label)!.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void Find_EveryLabel_ReadsAscii()
    {
        Assert.Equal(221, EncodingLabels.All.Count());
        Assert.All(EncodingLabels.All.Where(label => !EncodingLabels.Find(label)!.Name.StartsWith("utf-16", StringComparison.Ordinal)), label =>
            Assert.Equal("<img alt='A cat'>\n", EncodingLabels.Find($" {label.ToUpperInvariant()}\n")!.Decode("<img alt='A cat'>\n"u8)));
        Assert.Null(EncodingLabels.Find("utf-7"));
    }
}

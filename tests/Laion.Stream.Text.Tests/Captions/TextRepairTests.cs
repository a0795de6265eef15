using System.Security.Cryptography;
using System.Text;
using LaionStream.TestWorld;
using LaionStream.Text.Captions;

namespace LaionStream.Text.Tests.Captions;

public sealed class TextRepairTests
{
    /// <summary>Expected values are the answers of ftfy 6.3.1 under Python 3.11.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("A cat on a mat", "A cat on a mat")]
    [InlineData("sch\u00C3\u00B6n", "sch\u00F6n")]
    [InlineData("\u00C3  perturber", "\u00E0 perturber")]
    [InlineData("\u00E2\u20AC\u0153quoted\u00E2\u20AC\uFFFD", "\"quoted\uFFFD")]
    [InlineData("\u00C3\u0083\u00C2\u00A9t\u00C3\u0083\u00C2\u00A9", "\u00E9t\u00E9")]
    [InlineData("\u0420\u045F\u0421\u0402\u0420\u0451\u0420\u0406\u0420\u00B5\u0421\u201A", "\u041F\u0440\u0438\u0432\u0435\u0442")]
    [InlineData("\u00ED\u00A0\u00BD\u00ED\u00B8\u0080", "\U0001F600")]
    [InlineData("\u6771\u4EAC caf\u00C3\u00A9", "\u6771\u4EAC caf\u00E9")]
    [InlineData("Wait\u0085 what\u0092s that", "Wait\u2026 what's that")]
    [InlineData("&Eacute;t&eacute; &EACUTE;T&EACUTE; &nTILDE;", "\u00C9t\u00E9 \u00C9T\u00C9 &nTILDE;")]
    [InlineData("&amp;amp;amp;lt; &amp;#38;#39; &copy", "< ' &copy")]
    [InlineData("<b>&eacute;</b>", "<b>&eacute;</b>")]
    [InlineData("&lt;b&gt;", "<b>")]
    [InlineData("&eacute;\n<b>\n&eacute;", "\u00E9\n<b>\n&eacute;")]
    [InlineData("&#59; &#x3B; &#12x; &#0; &#1; &#xD800; &#x1F600;", "&#59; &#x3B; &#12x; \uFFFD  \uFFFD \U0001F600")]
    [InlineData("\uFB02u\uFB03e\uFB06 \u0132s \u0149", "fluffiest IJs 'n")]
    [InlineData("\uFF2C\uFF2F\uFF35\uFF24\u3000\uFF76\uFF9E\uFFE3", "LOUD \u30AC \u0304")]
    [InlineData("\u2018a\u2019 \u201Cb\u201D \u02BC \u2039c\u203A", "'a' \"b\" ' \u2039c\u203A")]
    [InlineData("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne")]
    [InlineData("\u001B[31;1mred\u001B[0m \u001B[x\u00E9\u001B]", "red \u00E9]")]
    [InlineData("a\u0000b\u000Bc\u000Cd\u007Fe\uFEFFf\u206Ag\uFFFCh\u200Ei", "abc\u000Cdefgh\u200Ei")]
    [InlineData("e\u0301 \u1112\u1161\u11AB", "\u00E9 \uD55C")]
    public void FixText_AnyText_AnswersAsFtfy(string input, string expected) => Assert.Equal(expected, TextRepair.FixText(input));

    [Fact]
    public void FixText_LoneSurrogates_BecomeReplacementCharacters() =>
        Assert.Equal("x\uFFFDy\uFFFD\U0001F4A9", TextRepair.FixText("x\uDCA9y\uD83D" + "\uD83D\uDCA9"));

    [Theory]
    [InlineData("plain ASCII, with < and > but no more")]
    [InlineData("\u00C0 la carte: cr\u00E8me br\u00FBl\u00E9e \u2014 \u00AB d\u00E9licieuse \u00BB")]
    [InlineData("\u041A\u0440\u0430\u0441\u043D\u0430\u044F \u043F\u043B\u043E\u0449\u0430\u0434\u044C")]
    [InlineData("\u5BCC\u58EB\u5C71\u306E\u65E5\u306E\u51FA")]
    public void FixText_NothingWrong_ReturnsTheSameString(string text) => Assert.Same(text, TextRepair.FixText(text));

    [Fact]
    public void FixText_LongChainOfEscapedAmpersands_TakesOnePass()
    {
        string chain = "&" + string.Concat(Enumerable.Repeat("amp;", 200_000)) + "lt;";

        Assert.Equal("<", TextRepair.FixText(chain));
    }

    [Fact]
    public void FixText_LongerThanASegment_IsCutWhereFtfyCuts()
    {
        string ascii = new('a', 999_999);

        // The lead byte ends the first million code points, so that it and the following bytes are repaired separately.
        Assert.Equal(ascii + "\u00C3\u00A9 \u00E9", TextRepair.FixText(ascii + "\u00C3\u00A9 \u00C3\u00A9"));
    }

    [SkippableFact]
    public void FixText_Goldens_AgreeInEveryRow()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        List<FtfyGolden> rows = FtfyGolden.Load();

        Assert.True(rows.Count > 1000);
        Assert.All(rows, row => Assert.Equal(FtfyGolden.Show(row.FixText), FtfyGolden.Show(TextRepair.FixText(row.Input))));
    }

    /// <summary>
    /// 227,075 lines, of which ftfy 6.3.1 changes 7,457 (normal forms, quotes, ligatures, C1 controls, some mojibake); the digest is of all its answers, a
    /// line feed after each.
    /// </summary>
    [SkippableFact]
    public void FixText_LanguageCorpora_ChangesWhatFtfyChangesAndNothingElse()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int changed = 0;
        foreach (string line in LanguageCorpora.Lines())
        {
            string repaired = TextRepair.FixText(line);
            changed += repaired == line ? 0 : 1;
            digest.AppendData(Encoding.UTF8.GetBytes(repaired + "\n"));
        }

        Assert.Equal(7457, changed);
        Assert.Equal("90A0E3749B03AEB6F886BB872333450A26E4FAF2DE0245286F652A731CD80371", Convert.ToHexString(digest.GetHashAndReset()));
    }
}

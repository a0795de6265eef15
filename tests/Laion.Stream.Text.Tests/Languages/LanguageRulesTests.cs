using LaionStream.Text.Languages;

namespace LaionStream.Text.Tests.Languages;

public sealed class LanguageRulesTests
{
    [Theory]
    [InlineData("en", true, "en", "en")]
    [InlineData("en", false, "nolang", "nolang")]
    [InlineData("zh-Latn", true, "zh", "multi")]
    [InlineData("zh-Latn", false, "nolang", "nolang")]
    [InlineData("iw", true, "iw", "multi")]
    [InlineData("und", false, "nolang", "nolang")]
    public void Language_Answer_GivesColumnAndSet(string code, bool reliable, string language, string set)
    {
        string column = LanguageRules.Language(new LanguageAnswer(code, 0.9f, reliable));
        Assert.Equal((language, set), (column, LanguageRules.Set(column)));
        Assert.Contains(set, LanguageRules.Sets);
    }
}

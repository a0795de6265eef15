using LaionStream.TestWorld;
using LaionStream.Text.Languages;

namespace LaionStream.Text.Tests.Languages;

public sealed class Cld3GoldenTests
{
    [SkippableTheory]
    [InlineData("cld3-5-2000.jsonl", 5, 2000)]
    [InlineData("cld3-0-1000.jsonl", 0, 1000)]
    [InlineData("cld3-bytes-5-2000.jsonl", 5, 2000)]
    public void Identify_GoldenTexts_AgreesWithReference(string file, int minBytes, int maxBytes)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        AssertAgrees(GoldenRow.Read(SharedData.PathOf("data", "golden", file)), new Cld3LanguageModel(minBytes, maxBytes));
    }

    [Theory]
    [InlineData("laion", 5, 2000)]
    [InlineData("datacomp", 0, 1000)]
    public void Identify_FixtureTexts_AgreesWithReference(string setting, int minBytes, int maxBytes) =>
        AssertAgrees(GoldenRow.ReadFixture(setting), new Cld3LanguageModel(minBytes, maxBytes));

    private static void AssertAgrees(IEnumerable<GoldenRow> golden, Cld3LanguageModel model)
    {
        GoldenRow[] rows = [.. golden];
        string[] differing = [.. rows.Select(row => row.Difference(model)).OfType<string>()];
        Assert.True(rows.Length > 100, $"only {rows.Length} rows");
        Assert.True(differing.Length == 0, $"{differing.Length} of {rows.Length} rows differ:\n{string.Join('\n', differing)}");
    }
}

using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Language;
using LaionStream.Text.Languages;

namespace LaionStream.Engine.Tests.Language;

public sealed class LanguageStageTests
{
    [Theory]
    [InlineData("The old harbour below the castle, seen from the ferry", "en", "en")]
    [InlineData("Der alte Hafen unter dem Schloss, von der Fähre aus gesehen", "de", "multi")]
    [InlineData("IMG_1234.jpg 56", "nolang", "nolang")]
    [InlineData(null, "nolang", "nolang")]
    public async Task RunAsync_Caption_SetsLanguageAndSet(string? text, string language, string set)
    {
        Step<Candidate> step = await CreateStage().RunAsync(CandidateWith(text), CancellationToken.None);
        Assert.Equal((language, set), (step.Row!.Language, step.Row.Set));
        Assert.Equal((new RowKey(3, 7), text), (step.Row.Key, step.Row.Text));
    }

    private static LanguageStage CreateStage() => new(new Cld3LanguageModel());

    private static Candidate CandidateWith(string? text) => new(new RowKey(3, 7), "https://a.example/b.jpg", text, "?", null, "list.csv", 1);
}

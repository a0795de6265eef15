using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Inputs;

/// <summary>When two rows are the same: URL and TEXT together, or under <c>laion5b</c> the URL alone.</summary>
public sealed class DedupeIndexTests
{
    [Theory]
    [InlineData(CandidateRuleSet.Default, "http://h/a", "one text", "http://h/a", "another text", true)]
    [InlineData(CandidateRuleSet.Default, "http://h/a", "one text", "http://h/a", "one text", false)]
    [InlineData(CandidateRuleSet.Default, "http://h/a", "bc text", "http://h/ab", "c text", false)]
    [InlineData(CandidateRuleSet.Laion5b, "http://h/a", "one text", "http://h/a", "another text", false)]
    [InlineData(CandidateRuleSet.Laion5b, "http://h/a", "bc text", "http://h/ab", "c text", true)]
    public async Task TryClaim_SecondRow_IsADuplicateByTheRuleSet(CandidateRuleSet rules, string url, string text, string otherUrl, string otherText,
        bool isNew)
    {
        using var folder = new TempFolder();
        await using RunState state = Open(folder, rules);
        var dedupe = new DedupeIndex(state, rules);
        Candidate first = Row(0, url, text);

        Assert.True(dedupe.TryClaim(first));
        Assert.True(dedupe.TryClaim(first)); // never a duplicate of itself
        Assert.Equal(isNew, dedupe.TryClaim(Row(1, otherUrl, otherText)));
    }

    [Theory]
    [InlineData(CandidateRuleSet.Laion5b, "http://h/a", "bc text", "http://h/ab", "c text", null)]
    [InlineData(CandidateRuleSet.Laion5b, "http://h/a", "one text", "http://h/a", "another text", "1 rows have the URL of another row")]
    [InlineData(CandidateRuleSet.Default, "http://h/a", "bc text", "http://h/ab", "c text", "1 rows have the hash of another row")]
    public async Task Verify_TwoRows_AreComparedByTheRuleSet(CandidateRuleSet rules, string url, string text, string otherUrl, string otherText,
        string? problem)
    {
        using var folder = new TempFolder();
        await using (RunState state = Open(folder, rules))
        {
            var writer = new RowWriter(state, "en", new WritingOptions { Path = folder.Root }, new Dictionary<string, string>(), ScoreSchema.Standard, [],
                TimeProvider.System);
            foreach (Candidate row in new[] { Row(0, url, text), Row(1, otherUrl, otherText) })
            {
                state.Ledger.Admit(row.Key);
                await writer.WriteAsync(new KeptRow(row.Key, "en", ToSample(row)), CancellationToken.None);
            }

            await writer.CompleteAsync();
            state.Ledger.Seal(0, 2);
            await state.FlushAsync();
            SummaryFile.Write(folder.Root, SummaryFile.From("run", state.Snapshot(), new FilesSummary(1, 1), DateTimeOffset.UnixEpoch));
        }

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);

        Assert.Equal(problem is null ? [] : [problem], report.Problems);
    }

    private static RunState Open(TempFolder folder, CandidateRuleSet rules) => RunState.Open(
        folder.Root, RunFingerprints.OfCandidates(new(),
            new CandidateOptions { Rules = rules }, OptOutPolicy.Of(new())), ["x"], new LedgerTuning(TimeSpan.FromHours(1)), TimeProvider.System, NullLoggerFactory.Instance);

    private static Candidate Row(int ordinal, string url, string text) => new(new RowKey(0, ordinal), url, text, "?", null, "x", CandidateHash.Of(url, text));

    private static SampleRow ToSample(Candidate row) => new()
    {
        SampleId = row.Key.SampleId,
        Url = row.Url,
        Text = row.Text,
        License = "?",
        Language = "en",
        Hash = row.Hash,
        Source = "x",
        Ordinal = row.Key.Ordinal,
        Fetch = new FetchFacts("", DateTimeOffset.UnixEpoch),
        Picture = new PictureFacts(1, 1, "", ""),
        Scores = Scores.None,
    };
}

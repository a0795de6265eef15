using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Filtering;

/// <summary>Judges by the same rules as <see cref="SimilarityStage"/>, now with all scores, and converts the rows it keeps to dataset rows.</summary>
internal sealed class LimitsStage(SimilarityRules rules)
{
    /// <summary>Judges one row.</summary>
    public ValueTask<Step<KeptRow>> RunAsync(ScoredImage image, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        string set = SimilarityStage.SetOf(image.Candidate);
        DropReason reason = rules.Judge(set, image.Scores);
        return ValueTask.FromResult<Step<KeptRow>>(reason == DropReason.None ? new KeptRow(image.Key, set, ToRow(image), image.Payload) : reason);
    }

    private static SampleRow ToRow(ScoredImage image) => new()
    {
        SampleId = image.Key.SampleId,
        Url = image.Candidate.Url,
        Text = image.Candidate.Text,
        License = image.Candidate.License,
        Language = image.Candidate.Language ?? throw new InvalidOperationException($"Row {image.Key} reached the filter without a language."),
        Hash = image.Candidate.Hash,
        PageUrl = image.Candidate.PageUrl,
        Source = image.Candidate.Source,
        Ordinal = image.Key.Ordinal,
        Extras = image.Candidate.Extras,
        Fetch = image.Fetch,
        Picture = image.Picture,
        Scores = image.Scores,
    };
}

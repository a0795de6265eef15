using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Filtering;

/// <summary>
/// Drops rows as soon as CLIP's scores decide it: by the under-age guard, the similarity, and the limits of scores from heads on CLIP's embeddings. Only the
/// rows that remain go to the score models with towers of their own; <see cref="LimitsStage"/> applies the same rules again with their scores.
/// </summary>
/// <param name="rules">The thresholds and limits.</param>
/// <param name="counts">Counts the similarity of every row.</param>
internal sealed class SimilarityStage(SimilarityRules rules, SimilarityCounts counts)
{
    /// <summary>Judges one row; disposes the pictures of one that it drops.</summary>
    public ValueTask<Step<ComparedImage>> RunAsync(ComparedImage image, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        string set = SetOf(image.Candidate);
        counts.Add(set, image.Scores.Similarity);
        DropReason reason = rules.Judge(set, image.Scores);
        if (reason == DropReason.None) { return ValueTask.FromResult<Step<ComparedImage>>(image); }

        image.Dispose();
        return ValueTask.FromResult<Step<ComparedImage>>(reason);
    }

    /// <summary>The row's output set.</summary>
    /// <exception cref="InvalidOperationException">It has none: no stage before set it.</exception>
    internal static string SetOf(Candidate candidate) =>
        candidate.Set ?? throw new InvalidOperationException($"Row {candidate.Key} reached the filter without a set.");
}

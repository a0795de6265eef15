using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>
/// Whether a picture with a caption would be kept, and what drops it: the first of the caption rules, the decode stage and the filter that does.
/// </summary>
internal sealed class PairExplainer(TextExplainer texts, PictureExplainer pictures, FilterOptions options, ExplainModels models)
{
    /// <summary>Explains a pair.</summary>
    /// <param name="path">Path of the picture file.</param>
    /// <param name="text">The caption as found.</param>
    /// <param name="raw">Whether to skip the caption rules.</param>
    /// <param name="stop">Cancels the decode.</param>
    /// <returns><c>similarity</c> is null when nothing was scored; <c>kept</c> is null when only missing models could decide.</returns>
    /// <exception cref="QuestionException">The file cannot be read.</exception>
    public async ValueTask<Answer> ExplainAsync(string path, string text, bool raw, CancellationToken stop)
    {
        string? caption = texts.Caption(text, raw, out DropReason reason);
        string? set = caption is null ? null : texts.SetOf(caption);
        SeenPicture seen = await pictures.LookAsync(path, caption, set, stop);
        if (reason == DropReason.None) { reason = seen.Reason; }

        bool judged = models.Set is not null || options.Off;
        if (reason == DropReason.None && judged)
        {
            reason = new SimilarityRules(options, models.Set?.Scores ?? ScoreSchema.Standard, models.Set?.HasMultilingual ?? false)
                .Judge(set!, seen.Scores ?? Scores.None);
        }

        bool? kept = reason != DropReason.None ? false : judged ? true : null;
        Answer answer = pictures.Describe(seen, reason);
        answer.Add("similarity", seen.Scores?.Similarity);
        answer.Add("kept", kept);
        return answer;
    }
}

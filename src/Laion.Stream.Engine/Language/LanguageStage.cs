using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Text.Languages;

namespace LaionStream.Engine.Language;

/// <summary>Identifies the language of a candidate's caption, and with it the output set. Drops nothing.</summary>
internal sealed class LanguageStage(ILanguageModel model)
{
    /// <summary>Sets <see cref="Candidate.Language"/> and <see cref="Candidate.Set"/>; a row without caption is <c>nolang</c>.</summary>
    public ValueTask<Step<Candidate>> RunAsync(Candidate candidate, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        string language = candidate.Text is null ? LanguageRules.NoLanguage : LanguageRules.Language(model.Identify(candidate.Text));
        return ValueTask.FromResult<Step<Candidate>>(candidate with { Language = language, Set = LanguageRules.Set(language) });
    }
}

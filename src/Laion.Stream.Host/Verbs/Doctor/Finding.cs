namespace LaionStream.Host.Verbs.Doctor;

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Level">What it means for a run.</param>
/// <param name="Subject">What was checked.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
internal sealed record Finding(FindingLevel Level, string Subject, string Found, string? Advice = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Level.ToString().ToLowerInvariant(),-5} {Subject,-12} {Found}{(Advice is null ? "" : $" → {Advice}")}";
}

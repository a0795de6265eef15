namespace LaionStream.Engine.Inputs.Warc;

/// <summary>One <c>img</c> element.</summary>
/// <param name="Alt">Its alt text or, if configured, its figure's caption; null when there is neither.</param>
/// <param name="Addresses">
/// Candidate addresses of the picture as in the page, best first: <c>srcset</c>, lazy-loading attribute, <c>src</c>, <c>picture</c> source, other attributes
/// that look like one.
/// </param>
internal sealed record HtmlImage(string? Alt, IReadOnlyList<string> Addresses);

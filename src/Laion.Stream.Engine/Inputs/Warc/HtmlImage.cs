namespace LaionStream.Engine.Inputs.Warc;

/// <summary>One <c>img</c> element.</summary>
/// <param name="Alt">Its alt text or, where asked for, its figure's caption; null when there is neither.</param>
/// <param name="Addresses">Where the picture may be had, as the page names it, best first: set of sizes, lazy-loading attribute, <c>src</c>, <c>picture</c> source, attributes that only look like it.</param>
internal sealed record HtmlImage(string? Alt, IReadOnlyList<string> Addresses);

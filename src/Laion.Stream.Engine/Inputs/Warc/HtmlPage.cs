using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>What a page says about its pictures.</summary>
/// <param name="BaseHref">The first <c>base</c> element's <c>href</c>; empty when there is none.</param>
/// <param name="License">The first Creative Commons licence link, or <c>?</c>.</param>
/// <param name="Objections">Which of its <c>meta</c> elements forbid the use of its pictures.</param>
/// <param name="Images">Every <c>img</c> in document order.</param>
internal sealed record HtmlPage(string BaseHref, string License, OptOutFindings Objections, IReadOnlyList<HtmlImage> Images);

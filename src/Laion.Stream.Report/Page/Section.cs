using System.Text;
using LaionStream.Report.Charts;

namespace LaionStream.Report.Page;

/// <summary>The frame of a page's sections, and of the figures at its top.</summary>
internal static class Section
{
    /// <summary>Opens a section.</summary>
    /// <param name="page">Receives it.</param>
    /// <param name="title">Its heading.</param>
    /// <param name="note">A sentence below the heading; null for none.</param>
    /// <param name="isWide">Whether it takes the page's whole width.</param>
    public static void Open(StringBuilder page, string title, string? note = null, bool isWide = false)
    {
        page.Line($"<section{(isWide ? " class=\"wide\"" : "")}><h2>{Markup.Text(title)}</h2>");
        if (note is not null) { page.Line($"<p class=\"note\">{Markup.Text(note)}</p>"); }
    }

    /// <summary>Closes a section.</summary>
    public static void Close(StringBuilder page) => page.Line($"</section>");

    /// <summary>Writes a list of figures, each above what it counts.</summary>
    public static void WriteFigures(StringBuilder page, IEnumerable<(string Figure, string Name)> figures)
    {
        page.Line($"<ul class=\"tiles\">");
        foreach ((string figure, string name) in figures) { page.Line($"<li><b>{Markup.Text(figure)}</b><span>{Markup.Text(name)}</span></li>"); }
        page.Line($"</ul>");
    }
}

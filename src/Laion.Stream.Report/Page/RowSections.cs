using System.Text;
using LaionStream.Report.Charts;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Page;

/// <summary>What the rows are: languages, licences, domains and sizes.</summary>
internal static class RowSections
{
    private const int Most = 15;

    /// <summary>Writes the sections; nothing when there are no rows.</summary>
    public static void Write(StringBuilder page, RowFacts rows)
    {
        if (rows.Read == 0) { return; }

        string of = rows.Read == rows.Rows ? $"Of {Markup.Count(rows.Rows)} rows." : $"Of a sample of {Markup.Count(rows.Read)} of {Markup.Count(rows.Rows)} rows.";
        if (rows.FilesAway > 0) { of += $" {Markup.Count(rows.FilesAway)} files were moved away and are not counted."; }
        WriteTop(page, rows, "Languages", "language", of, "c");
        WriteTop(page, rows, "Licences", "licence", of, "g");
        WriteTop(page, rows, "Domains", "domain", $"{of} {Markup.Count(rows.Distinct("domain"))} different hosts.", "f");
        Section.Open(page, "Shorter side, in pixels", of);
        BarList.Write(page, rows.ShorterSides, rows.Read);
        Section.Close(page);
    }

    private static void WriteTop(StringBuilder page, RowFacts rows, string title, string column, string note, string colour)
    {
        Section.Open(page, title, note);
        BarList.Write(page, rows.Top(column, Most), rows.Read, colour);
        Section.Close(page);
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Tests;

/// <summary>
/// <c>docs/drop-reasons.md</c> is generated from the comments of <see cref="DropReason"/>. With <c>LAION_WRITE_DOCS=1</c> the test writes it.
/// </summary>
public sealed partial class DropReasonDocsTests
{
    [Fact]
    public void DropReasonsPage_IsWhatTheCommentsSay()
    {
        string path = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "docs", "drop-reasons.md"));
        string wanted = Page();
        if (Environment.GetEnvironmentVariable("LAION_WRITE_DOCS") == "1") { File.WriteAllText(path, wanted); }

        Assert.Equal(wanted, File.ReadAllText(path));
    }

    private static string Page()
    {
        XDocument comments = XDocument.Load(Path.ChangeExtension(typeof(DropReason).Assembly.Location, ".xml"));
        var page = new StringBuilder("""
            # Why rows are dropped

            Every link that is read ends in exactly one place: kept, or dropped for one of these reasons. They stand in `summary.json` and in `inspect`; keys in the text are below `Laion:` in `appsettings.json`.
            `retry` takes a row up again where the last column says so. The names and their numbers in the ledger never change. This page is made from the comments of `DropReason`.

            | reason | number | what it means | decided by | `retry` |
            |---|---:|---|---|---|

            """);
        foreach (DropReason reason in DropReasonNames.All)
        {
            XElement member = comments.Descendants("member").Single(m => (string?)m.Attribute("name") == $"F:{typeof(DropReason).FullName}.{reason}");
            string decider = Plain(member.Element("remarks")!)["Decided by ".Length..].TrimEnd('.');
            page.AppendLine(System.Globalization.CultureInfo.InvariantCulture,
                $"| `{reason.Name()}` | {(int)reason} | {Plain(member.Element("summary")!)} | {decider} | {Retry(reason)} |");
        }

        return page.ToString();
    }

    private static string Retry(DropReason reason) =>
        reason == DropReason.HttpStatus ? "408, 429 and 5xx" : new DropOutcome(reason).IsRetryable() ? "yes" : "no";

    private static string Plain(XElement text)
    {
        foreach (XElement code in text.Elements("c").ToArray()) { code.ReplaceWith($"`{code.Value}`"); }

        return Blanks().Replace(text.Value, " ").Trim().Replace("|", "\\|");
    }

    private static string SourceFolder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

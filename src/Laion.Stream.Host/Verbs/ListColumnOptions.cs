using System.CommandLine;

namespace LaionStream.Host.Verbs;

/// <summary>Options of the verbs that read lists: which of their columns are used. The names are img2dataset's.</summary>
internal sealed class ListColumnOptions
{
    private readonly Option<string> _url = new("--url-col") { Description = "Column of a list that holds the addresses (Laion:Input:UrlColumn).", HelpName = "NAME" };
    private readonly Option<string> _caption = new("--caption-col") { Description = "Column of a list that holds the captions (Laion:Input:CaptionColumn).", HelpName = "NAME" };
    private readonly Option<string> _kept = new("--keep-columns")
    {
        Description = "Other columns of lists that are copied to the output: names with commas between, all or none (Laion:Input:KeepColumns).",
        HelpName = "a,b|all|none",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_caption);
        command.Add(_kept);
    }

    /// <summary>Overrides the settings with the options given.</summary>
    public void PutInto(Dictionary<string, string?> settings, ParseResult parsed)
    {
        Put("Laion:Input:UrlColumn", _url);
        Put("Laion:Input:CaptionColumn", _caption);
        Put("Laion:Input:KeepColumns", _kept);

        void Put(string key, Option<string> option)
        {
            if (parsed.GetValue(option) is { } value) { settings[key] = value; }
        }
    }
}

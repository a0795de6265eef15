using System.CommandLine;

namespace LaionStream.Host.Verbs;

/// <summary>Options of the verbs that read inputs: which crawls and files, and which columns of lists (with img2dataset's names).</summary>
internal sealed class InputVerbOptions
{
    private readonly Option<string> _crawl =
        new("--crawl") { Description = "A crawl's name, or several separated by commas (Laion:Input:Crawl).", HelpName = "CC-MAIN-…" };
    private readonly Option<string> _sample = new("--sample")
    {
        Description = "Which files of the full list: all, first:N, random:N or random:N@seed (Laion:Input:Sample).",
        HelpName = "first:N|random:N",
    };

    private readonly Option<string[]> _forget = new("--forget")
    {
        Description = "Inputs without rows to withdraw from this output: they no longer prevent it from being complete (Laion:Input:Forget).",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "PATH",
    };

    private readonly Option<string> _url =
        new("--url-col") { Description = "Column of a list that holds the addresses (Laion:Input:UrlColumn).", HelpName = "NAME" };
    private readonly Option<string> _caption =
        new("--caption-col") { Description = "Column of a list that holds the captions (Laion:Input:CaptionColumn).", HelpName = "NAME" };
    private readonly Option<string> _hash = new("--hash-col")
    {
        Description = "Column of a list that holds the md5, sha256 or sha512 of each picture; rows with other bytes are dropped (Laion:Input:HashColumn).",
        HelpName = "NAME",
    };

    private readonly Option<string> _kept = new("--keep-columns")
    {
        Description = "Other columns of lists that are copied to the output: names with commas between, all or none (Laion:Input:KeepColumns).",
        HelpName = "a,b|all|none",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_crawl);
        command.Add(_sample);
        command.Add(_forget);
        command.Add(_url);
        command.Add(_caption);
        command.Add(_hash);
        command.Add(_kept);
    }

    /// <summary>Overrides the settings with the options given.</summary>
    public void PutInto(Dictionary<string, string?> settings, ParseResult parsed)
    {
        string[] forgotten = parsed.GetValue(_forget) ?? [];
        for (int i = 0; i < forgotten.Length; i++) { settings[$"Laion:Input:Forget:{i}"] = forgotten[i]; }
        Put("Laion:Input:Crawl", _crawl);
        Put("Laion:Input:Sample", _sample);
        Put("Laion:Input:UrlColumn", _url);
        Put("Laion:Input:CaptionColumn", _caption);
        Put("Laion:Input:HashColumn", _hash);
        Put("Laion:Input:KeepColumns", _kept);

        void Put(string key, Option<string> option)
        {
            if (parsed.GetValue(option) is { } value) { settings[key] = value; }
        }
    }
}

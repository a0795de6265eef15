using System.CommandLine;

namespace LaionStream.Host.Live;

/// <summary><c>--plain</c> of the verbs that take long.</summary>
internal sealed class PlainOption
{
    private readonly Option<bool> _plain = new("--plain")
    {
        Description = "No view on a terminal: the log, and a line with the numbers every Laion:Pipeline:SummaryInterval.",
    };

    /// <summary>Adds it to a verb.</summary>
    public void AddTo(Command command) => command.Options.Add(_plain);

    /// <summary>Whether it was given.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_plain);
}

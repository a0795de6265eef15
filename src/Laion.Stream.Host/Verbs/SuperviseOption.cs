using System.CommandLine;
using System.Globalization;
using LaionStream.Host.Hosting;

namespace LaionStream.Host.Verbs;

/// <summary><c>--supervise N</c> of the verbs that may run for weeks.</summary>
internal sealed class SuperviseOption
{
    private const string Name = "--supervise";

    private readonly Option<int> _restarts = new(Name)
    {
        Description = "Run in a worker process, and start it again when it crashes or fails, at most N times in a row. Signals are passed on.",
        HelpName = "N",
    };

    /// <summary>Adds it to a verb, with its range.</summary>
    public void AddTo(Command command)
    {
        _restarts.Validators.Add(result =>
        {
            // Whether it is a number at all is the parser's own error.
            string? given = result.Tokens is [var token, ..] ? token.Value : null;
            bool isNumber = int.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int restarts);
            if (isNumber && restarts < 0) { result.AddError($"{Name}: N is a number of restarts, 0 or more."); }
        });
        command.Options.Add(_restarts);
    }

    /// <summary>Whether the verb is to be run by a worker.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetResult(_restarts) is { Implicit: false };

    /// <summary>Runs the verb of this process's command line in workers.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="output">Folder that the first start took for a run of its own; null where none was asked for.</param>
    public async Task<int> RunAsync(ParseResult parsed, string? output)
    {
        string[] arguments = Without([.. Environment.GetCommandLineArgs().Skip(1)], Name, values: 1);
        if (output is not null)
        {
            // Each start after the first resumes it.
            arguments = [.. Without(Without(arguments, "--new-run", values: 0), "--output", values: 1), "--output", output];
        }

        using var supervisor = new Supervisor(parsed.GetValue(_restarts));
        return await supervisor.RunAsync(arguments);
    }

    /// <summary>Arguments without an option, in each of the forms that it may have.</summary>
    internal static string[] Without(IReadOnlyList<string> arguments, string option, int values)
    {
        List<string> rest = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == option) { i += values; }
            else if (!arguments[i].StartsWith(option + "=", StringComparison.Ordinal) && !arguments[i].StartsWith(option + ":", StringComparison.Ordinal))
            {
                rest.Add(arguments[i]);
            }
        }

        return [.. rest];
    }
}

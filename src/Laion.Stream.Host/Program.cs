using System.CommandLine;
using LaionStream.Host;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;

ProcessEnd.OfProgram = new ProcessEnd();
var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
RootCommand root = CommandLine.Build(settings);
ParseResult parsed = root.Parse(CommandLine.TakeSettings(args, settings));
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) { await Console.Error.WriteLineAsync(error.Message); }
    await Console.Error.WriteLineAsync($"See laion-stream {string.Join(' ', parsed.CommandResult.Command == root ? [] : new[] { parsed.CommandResult.Command.Name })} --help.");
    return ExitCode.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (UsageException e)
{
    foreach (string error in e.Errors) { await Console.Error.WriteLineAsync(error); }
    return ExitCode.Usage;
}

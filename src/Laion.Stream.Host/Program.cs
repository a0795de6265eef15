using System.CommandLine;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Engine.Handles;
using LaionStream.Host;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;

if (args is [DecodeProgram.Verb]) { return DecodeProgram.Run(); }

HandleLimit.Raise();
Console.SetError(new PublicWriter(Console.Error)); // whoever writes there: the log, errors, the command line's own
args = SupervisedWorker.Begin(args);
ProcessEnd.OfProgram = new ProcessEnd();
using IDisposable? fileSize = FileSizeSignal.Take();
DecodeCommand.OfProgram = new DecodeCommand();
var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
string[] words = CommandLine.TakeSettings(args, settings);
ParseResult parsed = CommandLine.Build(words, settings).Parse(words);
if (CommandLineErrors.Of(parsed) is { Count: > 0 } errors)
{
    foreach (string line in errors) { await Console.Error.WriteLineAsync(line); }
    return ExitCode.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (UsageException e)
{
    foreach (string error in e.Errors.Distinct()) { await Console.Error.WriteLineAsync(error); }
    return ExitCode.Usage;
}
catch (Exception e)
{
    // The last frame of the program. An error of the environment is described by its message; a fault of the program needs its stack.
    bool isOurs = !ConsoleStack.IsOfSurroundings(e);
    await Console.Error.WriteLineAsync(isOurs
        ? $"Failed, by a fault of this program; please report these lines:{Environment.NewLine}{e}"
        : $"Failed: {e.Message}");
    return ExitCode.Failed;
}

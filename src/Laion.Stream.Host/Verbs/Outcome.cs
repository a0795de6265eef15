using LaionStream.Engine.Handles;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Run;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Models.Onnx;

namespace LaionStream.Host.Verbs;

/// <summary>Converts the end of a run to the operator's text and the exit code.</summary>
internal static class Outcome
{
    /// <summary>Runs, prints the funnel to <paramref name="result"/>, and errors to <paramref name="error"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="output">Its output folder, where <c>report.html</c> is written when the run has ended well or was stopped.</param>
    /// <param name="result">Receives the funnel.</param>
    /// <param name="error">Receives the errors.</param>
    /// <param name="abort">Cancelled when the operator requested an abort, and not only a stop.</param>
    /// <exception cref="UsageException">The run could not start as requested.</exception>
    public static async Task<int> OfAsync(Func<Task<RunReport>> run, string output, TextWriter result, TextWriter error, CancellationToken abort)
    {
        try
        {
            RunReport report = await run();
            await result.WriteAsync(Funnel.Of(report.Summary));
            foreach (string input in report.Unreadable) { await error.WriteLineAsync($"Not read: {input}"); }
            await ReportVerb.AfterRunAsync(output, result, error, abort);
            return report.End switch
            {
                RunEnd.Done => ExitCode.Done,
                RunEnd.Stopped => ExitCode.Stopped,
                _ => ExitCode.Failed,
            };
        }
        catch (Exception e) when (e is InputException or ListSchemaException or OutputRefusedException or ModelException or HandleLimitException)
        {
            throw new UsageException([e is ModelException model ? $"{model.Key}: {model.Message}" : e.Message]);
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped before the first input was read. Run again with the same output to begin.");
            return ExitCode.Stopped;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Aborted. Run again with the same output to go on.");
            return ExitCode.Failed;
        }
        catch (Exception e)
        {
            // The last frame of the program: the exception is the cause that ended the run, and is already in the log with its stack.
            await error.WriteLineAsync($"Failed: {e.Message}");
            return ExitCode.Failed;
        }
    }
}

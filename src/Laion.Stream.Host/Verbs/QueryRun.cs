using System.CommandLine;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Host.Verbs;

/// <summary>Runs a query over rows: shows how far it is, takes signals, and converts its end to text and exit code.</summary>
/// <param name="verb">The verb's name.</param>
/// <param name="settings">Keys from the command line.</param>
internal sealed class QueryRun(string verb, IReadOnlyDictionary<string, string?> settings)
{
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly PlainOption _plain = new();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command) => _plain.AddTo(command);

    /// <summary>Runs a query, and prints what it returns.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="query">Given the progress to report to and a token that the first signal cancels, returns the line to print.</param>
    /// <exception cref="UsageException">It cannot be done as asked.</exception>
    public async Task<int> RunAsync(ParseResult parsed, Func<SubsetProgress, CancellationToken, string> query)
    {
        using var signals = new Signals(ProcessEnd.OfProgram, AbortGrace);
        try
        {
            string line;
            using (LiveProgress shown = LiveProgress.Start(verb, "rows", _plain.IsAsked(parsed), settings))
            {
                line = await WatchAsync(query, shown, signals.Stop);
            }

            await Console.Out.WriteLineAsync(line);
            return ExitCode.Done;
        }
        catch (RequestException e)
        {
            throw new UsageException([.. e.Errors.Select(error => error.EndsWith('.') ? error : error + ".")]);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was written.");
            return ExitCode.Stopped;
        }
    }

    /// <summary>Says that a removal from an input will not find what was made of it.</summary>
    /// <param name="unregistered">The lists that could not be written.</param>
    public static string NoteOf(IReadOnlyList<string> unregistered) =>
        string.Concat(unregistered.Select(list => $"{Environment.NewLine}note: this could not be noted in {list.TrimEnd('.')}. A 'remove' from that input takes rows out of it only when it names it."));

    /// <summary>Runs the query, and meanwhile asks how far it is.</summary>
    private static async Task<string> WatchAsync(Func<SubsetProgress, CancellationToken, string> query, LiveProgress shown, CancellationToken stop)
    {
        var progress = new SubsetProgress();
        Task<string> running = Task.Run(() => query(progress, stop), CancellationToken.None);
        while (await Task.WhenAny(running, Task.Delay(Interval, CancellationToken.None)) != running)
        {
            if (progress.Now is not var (step, done, total)) { continue; }

            if (shown.Phase != step) { shown.Begin(step, total); }
            shown.Set(done, total);
        }

        return await running;
    }
}

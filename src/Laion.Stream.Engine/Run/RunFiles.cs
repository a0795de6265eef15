using LaionStream.Dataset.Summary;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Which input files a session reads: this machine's share of the full list, without those that are done.</summary>
internal static partial class RunFiles
{
    /// <summary>The files still to read, in order: those not done, and those that have gained rows since.</summary>
    /// <exception cref="InputException">A file changed since it was read, and the settings refuse that.</exception>
    public static async ValueTask<RunInputs> OfAsync(RunState state, InputWatch watch, InputOptions input, CancellationToken stop)
    {
        int[] forgotten = [.. input.Forget.Select(path => NumberOf(state, path, input))];
        await watch.CheckAsync([.. state.InputNumbers.Where(number => InputExpansion.IsInShare(input.Share, number))], stop);
        await state.WithdrawAsync(forgotten);
        return new RunInputs(
            [.. state.InputNumbers.Where(number => InputExpansion.IsInShare(input.Share, number) && !state.IsDone(number))
                .Select(number => watch.FileOf(number, isRetry: false))],
            Begin,
            watch.Began);

        ValueTask<InputFile> Begin(InputFile file, InputHealth health, CancellationToken stop) =>
            ValueTask.FromResult(watch.Begin(file, isRetry: false, health));
    }

    /// <summary>The number of an input to withdraw.</summary>
    /// <exception cref="InputException">The output has no such input or has rows of it, or it is one of this run's inputs.</exception>
    private static int NumberOf(RunState state, string path, InputOptions input)
    {
        string location = InputExpansion.LocationOf(path, input);
        string shown = PublicLocation.Of(location);
        int number = Math.Max(state.FindInput(location), state.FindInput(path));
        if (number < 0) { throw new InputException($"Laion:Input:Forget: '{shown}' is no input of this output."); }
        if (state.InputNumbers.Contains(number)) { throw new InputException($"Laion:Input:Forget: '{shown}' is among the inputs of this run."); }
        return state.HasRows(number) ? throw new InputException($"Laion:Input:Forget: rows of '{shown}' have outcomes in this output: it stays.") : number;
    }

    /// <summary>The files that a retry reads.</summary>
    /// <exception cref="InputException">A file changed since it was read, and the settings refuse that.</exception>
    public static async ValueTask<RunInputs> OfRetryAsync(RunState state, InputWatch watch, Retry retry, CancellationToken stop)
    {
        RetryFiles files = await RetryFiles.FindAsync(state, retry);
        await watch.CheckAsync([.. files.Files.Select(file => file.Number)], stop);
        return new RunInputs([.. files.Files.Select(file => watch.FileOf(file.Number, isRetry: true))], Begin, watch.Began);

        async ValueTask<InputFile> Begin(InputFile file, InputHealth health, CancellationToken stop)
        {
            InputFile begun = watch.Begin(file, isRetry: true, health);
            await files.OpenAsync(file, stop);
            return begun;
        }
    }

    /// <summary>The progress on the share's files.</summary>
    public static FilesSummary Progress(RunState state, string share)
    {
        int[] mine = [.. Enumerable.Range(0, state.KnownInputs.Count).Where(number => InputExpansion.IsInShare(share, number) && !state.IsWithdrawn(number))];
        return new FilesSummary(mine.Length, mine.Count(state.IsDone), share);
    }

    /// <summary>The share of an output whose inputs are not given again: from its summary, else from the settings.</summary>
    public static string ShareOf(RunState state, InputOptions input, ILogger log)
    {
        try
        {
            return SummaryFile.Find(state.OutputFolder)?.Files.Share ?? input.Share;
        }
        catch (InvalidDataException e)
        {
            Log.ShareUnknown(log, input.Share, e.Message);
            return input.Share;
        }
    }

    /// <summary>The number of files to read concurrently.</summary>
    public static int Parallel(InputOptions input) => input.Parallel > 0 ? input.Parallel : Environment.ProcessorCount;

    private static partial class Log
    {
        [LoggerMessage(921, LogLevel.Warning, "This output's share of the input list is taken as {Share}, from the settings: {Cause}")]
        public static partial void ShareUnknown(ILogger log, string share, string cause);
    }
}

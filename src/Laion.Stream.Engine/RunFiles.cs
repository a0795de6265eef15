using LaionStream.Dataset;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Checkpoint;
using LaionStream.Engine.Shards;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine;

/// <summary>Which input files a session reads: this box's share of the full list, less what is done.</summary>
internal static partial class RunFiles
{
    /// <summary>The files still to read, in order.</summary>
    public static RunInputs Of(RunState state, InputOptions input) => new(
        [.. state.InputNumbers
            .Where(number => InputExpansion.IsInShare(input.Share, number) && !state.IsDone(number))
            .Select(number => new InputFile(number, state.KnownInputs[number]))],
        static (_, _) => ValueTask.CompletedTask);

    /// <summary>The files that a retry reads.</summary>
    public static async ValueTask<RunInputs> OfRetryAsync(RunState state, Retry retry)
    {
        RetryFiles files = await RetryFiles.FindAsync(state, retry);
        return new RunInputs(files.Files, files.OpenAsync);
    }

    /// <summary>How far the share's files are.</summary>
    public static FilesSummary Progress(RunState state, string share)
    {
        int[] mine = [.. Enumerable.Range(0, state.KnownInputs.Count).Where(number => InputExpansion.IsInShare(share, number))];
        return new FilesSummary(mine.Length, mine.Count(state.IsDone), share);
    }

    /// <summary>The share of an output whose inputs are not named again: what its summary says, else what the settings say.</summary>
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

    /// <summary>How many of them at the same time.</summary>
    public static int Parallel(InputOptions input) => input.Parallel > 0 ? input.Parallel : Environment.ProcessorCount;

    private static partial class Log
    {
        [LoggerMessage(921, LogLevel.Warning, "This output's share of the input list is taken as {Share}, from the settings: {Cause}")]
        public static partial void ShareUnknown(ILogger log, string share, string cause);
    }
}

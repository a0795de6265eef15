using LaionStream.Engine.Candidates;
using LaionStream.Engine.Checkpoint;
using LaionStream.Engine.Shards;

namespace LaionStream.Engine;

/// <summary>Which input files a session reads: this box's share of the full list, less what is done.</summary>
internal static class RunFiles
{
    /// <summary>The files still to read, in order.</summary>
    public static IReadOnlyList<InputFile> Of(RunState state, InputOptions input) =>
        [.. state.InputNumbers
            .Where(number => InputExpansion.IsInShare(input.Share, number) && !state.IsDone(number))
            .Select(number => new InputFile(number, state.KnownInputs[number]))];

    /// <summary>Lets the drops that a retry wants into the graph once more.</summary>
    /// <returns>The files they are in, in order.</returns>
    public static async ValueTask<IReadOnlyList<InputFile>> AskAgainAsync(RunState state, Retry retry)
    {
        IReadOnlyList<RetryableDrop> drops = await state.FindRetryableAsync(retry.Reasons, retry.OlderThan);
        await state.AskAgainAsync(drops);
        return [.. drops.Select(drop => drop.Key.Shard).Distinct().Order().Select(number => new InputFile(number, state.KnownInputs[number]))];
    }

    /// <summary>How many of them at the same time.</summary>
    public static int Parallel(InputOptions input) => input.Parallel > 0 ? input.Parallel : Environment.ProcessorCount;
}

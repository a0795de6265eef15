using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>The decode stage; behind a gate where earlier runs were ended by force with rows in it.</summary>
internal sealed class GuardedDecode
{
    private readonly Func<FetchedImage, CancellationToken, ValueTask<Step<PreparedImage>>> _run;

    /// <summary>Looks up which rows are suspects.</summary>
    public GuardedDecode(DecodeStage decode, RunState state, ILogger<SuspectGate> log)
    {
        HashSet<RowKey> suspects = SuspectRules.Suspects(state.Suspects, PipelineGraph.Decode);
        _run = suspects.Count == 0
            ? decode.RunAsync
            : new SuspectGate(decode.RunAsync, suspects, SuspectRules.Poison(state.Suspects, PipelineGraph.Decode), log).RunAsync;
    }

    /// <summary>Prepares one picture.</summary>
    public ValueTask<Step<PreparedImage>> RunAsync(FetchedImage image, CancellationToken abort) => _run(image, abort);
}

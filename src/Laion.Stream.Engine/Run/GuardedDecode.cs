using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>
/// The decode stage, protected so that one picture cannot end every run: the rows inside it are recorded, those that were inside when a process died are
/// decoded in another process, and pictures that ended such a process are dropped at once. So are pictures that forbid their use.
/// </summary>
internal sealed partial class GuardedDecode
{
    private readonly KnownPoison _poison;
    private readonly RowSlots? _slots;
    private readonly DecodeStage _decode;
    private readonly OptOutJudge _optOuts;
    private readonly HashSet<RowKey> _suspects;
    private readonly Lazy<IsolatedDecode>? _isolated;
    private readonly bool _always;
    private readonly Func<FetchedImage, CancellationToken, ValueTask<Step<PreparedImage>>> _here;
    private readonly ILogger _log;

    /// <summary>Finds the suspects of earlier runs, and opens the file of rows inside the stage.</summary>
    public GuardedDecode(DecodeStage decode, RunState state, KnownPoison poison, OptOutJudge optOuts, IOptions<ImagingOptions> options, IServiceProvider run,
        ILogger<SuspectGate> gateLog, ILogger<GuardedDecode> log)
    {
        (_decode, _poison, _optOuts, _log) = (decode, poison, optOuts, log);
        _suspects = SuspectRules.Suspects(state.Suspects, PipelineGraph.Decode);
        _slots = state.OpenSlots(PipelineGraph.Decode);
        DecodeIsolation isolation = options.Value.Isolation;
        bool canIsolate = run.GetService<IDecodeProgram>() is not null;
        if (isolation != DecodeIsolation.Off && !canIsolate) { Log.NoProgram(log, isolation); }
        if (isolation != DecodeIsolation.Off && canIsolate) { _isolated = new Lazy<IsolatedDecode>(run.GetRequiredService<IsolatedDecode>); }
        _always = isolation == DecodeIsolation.Always;
        _here = _suspects.Count == 0 || _isolated is not null
            ? NotedAsync
            : new SuspectGate(NotedAsync, _suspects, SuspectRules.Poison(state.Suspects, PipelineGraph.Decode), gateLog).RunAsync;
    }

    /// <summary>Prepares one picture.</summary>
    public ValueTask<Step<PreparedImage>> RunAsync(FetchedImage image, CancellationToken abort)
    {
        if (_poison.Has(image.Key, image.Body.Memory.Span))
        {
            Log.KnownPoison(_log, image.Key);
            image.Dispose();
            return ValueTask.FromResult<Step<PreparedImage>>(DropReason.Poison);
        }

        if (_optOuts.DecideRow(PictureOptOuts.Find(image.Body.Memory)) is not OptOutSignal.None and var signal)
        {
            image.Dispose();
            return ValueTask.FromResult<Step<PreparedImage>>(signal.Outcome());
        }

        if (_isolated is null || !(_always || _suspects.Contains(image.Key))) { return _here(image, abort); }
        if (!_always) { Log.Isolated(_log, image.Key); }
        return _isolated.Value.RunAsync(image, abort);
    }

    private async ValueTask<Step<PreparedImage>> NotedAsync(FetchedImage image, CancellationToken abort)
    {
        int slot = _slots?.Enter(image.Key) ?? -1;
        try
        {
            return await _decode.RunAsync(image, abort);
        }
        finally
        {
            _slots?.Leave(slot);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(980, LogLevel.Information,
            "Row {Row} was in the decoder when an earlier process of the run ended: it is decoded in a process of its own")]
        public static partial void Isolated(ILogger log, RowKey row);

        [LoggerMessage(981, LogLevel.Warning, "Row {Row} has a picture that has ended a decoding process before: it is dropped as poison")]
        public static partial void KnownPoison(ILogger log, RowKey row);

        [LoggerMessage(982, LogLevel.Debug, "Laion:Imaging:Isolation={Isolation} has no effect inside another program")]
        public static partial void NoProgram(ILogger log, DecodeIsolation isolation);
    }
}

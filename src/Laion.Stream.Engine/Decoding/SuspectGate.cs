using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Decoding;

/// <summary>
/// Precedes the decode stage when earlier runs were ended by force with rows in it: each of those rows runs in the stage alone, so that the next forced end
/// identifies the row at fault. Rows that were already found at fault are dropped.
/// </summary>
/// <param name="decode">The stage.</param>
/// <param name="suspects">Rows that run alone.</param>
/// <param name="poison">Rows that are dropped.</param>
/// <param name="log">Logs both.</param>
internal sealed partial class SuspectGate(
    Func<FetchedImage, CancellationToken, ValueTask<Step<PreparedImage>>> decode,
    IReadOnlySet<RowKey> suspects,
    IReadOnlySet<RowKey> poison,
    ILogger<SuspectGate> log)
{
    private readonly SemaphoreSlim _turn = new(1, 1); // held briefly by an ordinary row, throughout by a suspect
    private readonly Lock _gate = new();
    private int _inside;
    private TaskCompletionSource? _empty;

    /// <summary>Decodes one row when it is its turn.</summary>
    /// <param name="image">The fetched bytes; disposed on every path.</param>
    /// <param name="abort">Cancels the wait and the decode.</param>
    public async ValueTask<Step<PreparedImage>> RunAsync(FetchedImage image, CancellationToken abort)
    {
        RowKey row = image.Key;
        if (poison.Contains(row))
        {
            image.Dispose();
            Log.SuspectDropped(log, row);
            return DropReason.Poison;
        }

        bool alone = suspects.Contains(row);
        try
        {
            await EnterAsync(alone, abort);
        }
        catch (OperationCanceledException)
        {
            image.Dispose();
            throw;
        }

        try
        {
            if (!alone) { return await decode(image, abort); }

            StageWork.NoteAlone();
            Log.Alone(log, row);
            return await decode(image, abort);
        }
        finally
        {
            Exit(alone);
        }
    }

    private async Task EnterAsync(bool alone, CancellationToken abort)
    {
        using WorkWait wait = StageWork.Wait();
        await _turn.WaitAsync(abort);
        if (!alone)
        {
            lock (_gate) { _inside++; }
            _turn.Release();
            return;
        }

        try
        {
            Task empty;
            lock (_gate)
            {
                _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_inside == 0) { _empty.SetResult(); }
                empty = _empty.Task;
            }

            await empty.WaitAsync(abort);
        }
        catch (OperationCanceledException)
        {
            _turn.Release();
            throw;
        }
    }

    private void Exit(bool alone)
    {
        if (alone)
        {
            _turn.Release();
            return;
        }

        lock (_gate)
        {
            if (--_inside == 0) { _empty?.TrySetResult(); }
        }
    }
}

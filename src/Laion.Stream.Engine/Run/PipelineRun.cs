using System.Threading.Tasks.Dataflow;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Starts the pumps on an assembled graph, drains it, and decides whether what was written is committed or abandoned.</summary>
/// <param name="flow">The graph's mechanics.</param>
/// <param name="head">Its first block.</param>
/// <param name="queue">What to read.</param>
/// <param name="held">The files that this process holds of it.</param>
/// <param name="pumps">Read them into the graph.</param>
/// <param name="ends">What must be committed after a drain, and abandoned after an abort.</param>
/// <param name="log">Hears of the one cause that ends a run.</param>
internal sealed partial class PipelineRun(
    FlowBuilder flow,
    ITargetBlock<Candidate> head,
    IInputQueue queue,
    HeldInputs held,
    InputPumps pumps,
    IRunEnds ends,
    ILogger<PipelineRun> log)
{
    /// <summary>Input files that could not be read; they stay unfinished and are tried again by the next run.</summary>
    public IReadOnlyCollection<string> Unreadable => pumps.Unreadable;

    /// <summary>Runs until the files are read and everything in flight is durable, or until stopped.</summary>
    /// <param name="parallel">Files read at the same time.</param>
    /// <param name="stop">Stops reading; what is in flight still drains and commits.</param>
    /// <returns>Whether every file was read to its end.</returns>
    /// <exception cref="OperationCanceledException">The graph was aborted from outside.</exception>
    /// <exception cref="TimeoutException">The drain took too long.</exception>
    /// <exception cref="Exception">The first fault of any stage, as it was thrown.</exception>
    public async Task<bool> RunAsync(int parallel, CancellationToken stop)
    {
        using var ended = new CancellationTokenSource();
        Task keeping = KeepInputsAsync(ended.Token);
        try
        {
            await PumpAllAsync(parallel, stop);
            head.Complete();
            await flow.Completion;
            await ends.CommitAsync();
        }
        catch (Exception e)
        {
            Log.Failed(log, e is OperationCanceledException ? "aborted" : e.Message, e);
            await ends.AbandonAsync();
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await keeping;
            await ReleaseInputsAsync();
        }

        return pumps.ReadAllTaken && !queue.HasMore;
    }

    /// <summary>Finishes or gives back what is still held. What fails here must not hide the end of the run, whose rows are durable or abandoned already.</summary>
    private async Task ReleaseInputsAsync()
    {
        try
        {
            await held.ReleaseAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InputLostException)
        {
            Log.NotReleased(log, e.Message);
        }
    }

    private async Task PumpAllAsync(int parallel, CancellationToken stop)
    {
        try
        {
            await pumps.RunAsync(parallel, stop, flow.Abort);
        }
        catch (Exception e)
        {
            // A fault of the graph is the cause and the pump's declined send only follows from it, yet may be seen first; a fault of the pump itself must end the graph.
            if (e is not GraphEndedException && !flow.Abort.IsCancellationRequested) { flow.Fault(e); }
            head.Complete();
            await flow.Completion;
            throw;
        }
    }

    /// <summary>Keeps the files that the run holds. A file that another process has taken, or a queue that cannot be reached, ends the run.</summary>
    private async Task KeepInputsAsync(CancellationToken ended)
    {
        try
        {
            await held.KeepAsync(ended);
        }
        catch (Exception e)
        {
            flow.Fault(e);
        }
    }
}

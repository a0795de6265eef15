using System.Threading.Tasks.Dataflow;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Starts the pumps on an assembled graph, drains it, and decides whether the open files are committed or abandoned.</summary>
/// <param name="flow">The graph's mechanics.</param>
/// <param name="head">Its first block.</param>
/// <param name="queue">The input files to read.</param>
/// <param name="held">The files of the queue that this process holds.</param>
/// <param name="pumps">Read them into the graph.</param>
/// <param name="ends">What must be committed after a drain, and abandoned after an abort.</param>
/// <param name="log">Logs the cause that ends a run.</param>
internal sealed partial class PipelineRun(
    FlowBuilder flow,
    ITargetBlock<Candidate> head,
    IInputQueue queue,
    HeldInputs held,
    InputPumps pumps,
    IRunEnds ends,
    ILogger<PipelineRun> log)
{
    /// <summary>Input files that could not be read; they stay unfinished and the next run tries them again.</summary>
    public IReadOnlyCollection<string> Unreadable => pumps.Unreadable;

    /// <summary>Runs until the files are read and everything in flight is durable, or until stopped.</summary>
    /// <param name="parallel">Files read concurrently.</param>
    /// <param name="stop">Stops reading; rows in flight still drain and are committed.</param>
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

    /// <summary>
    /// Finishes or gives back the files that are still held. A failure here must not hide the end of the run, whose rows are already durable or abandoned.
    /// </summary>
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
            // After a fault of the graph the pump's send is declined, which may be seen before the fault itself; a fault of the pump must end the graph.
            if (e is not GraphEndedException && !flow.Abort.IsCancellationRequested) { flow.Fault(e); }
            head.Complete();
            await flow.Completion;
            throw;
        }
    }

    /// <summary>Keeps the files that the run holds. If another process has taken a file, or the queue cannot be reached, the run ends.</summary>
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

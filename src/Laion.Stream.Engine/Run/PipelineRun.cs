using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Starts the pumps on an assembled graph, drains it, and decides whether what was written is committed or abandoned.</summary>
/// <param name="flow">The graph's mechanics.</param>
/// <param name="head">Its first block.</param>
/// <param name="pump">Reads one file into it.</param>
/// <param name="ends">What must be committed after a drain, and abandoned after an abort.</param>
/// <param name="log">Hears of the one cause that ends a run.</param>
internal sealed partial class PipelineRun(
    FlowBuilder flow,
    ITargetBlock<Candidate> head,
    InputPump pump,
    IRunEnds ends,
    ILogger<PipelineRun> log)
{
    private readonly ConcurrentQueue<string> _unreadable = new();

    /// <summary>Input files that could not be read; they stay unfinished and are tried again by the next run.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    /// <summary>Runs until the files are read and everything in flight is durable, or until stopped.</summary>
    /// <param name="files">What to read, in order.</param>
    /// <param name="parallel">Files read at the same time.</param>
    /// <param name="stop">Stops reading; what is in flight still drains and commits.</param>
    /// <returns>Whether every file was read to its end.</returns>
    /// <exception cref="OperationCanceledException">The graph was aborted from outside.</exception>
    /// <exception cref="TimeoutException">The drain took too long.</exception>
    /// <exception cref="Exception">The first fault of any stage, as it was thrown.</exception>
    public async Task<bool> RunAsync(IReadOnlyList<InputFile> files, int parallel, CancellationToken stop)
    {
        try
        {
            bool allRead = await PumpAllAsync(files, parallel, stop);
            head.Complete();
            await flow.Completion;
            await ends.CommitAsync();
            return allRead;
        }
        catch (Exception e)
        {
            Log.Failed(log, e is OperationCanceledException ? "aborted" : e.Message, e);
            await ends.AbandonAsync();
            throw;
        }
    }

    private async Task<bool> PumpAllAsync(IReadOnlyList<InputFile> files, int parallel, CancellationToken stop)
    {
        int next = -1;
        int unfinished = 0;
        Task[] pumps = [.. Enumerable.Range(0, Math.Min(parallel, files.Count)).Select(_ => Task.Run(PumpNextAsync, CancellationToken.None))];
        try
        {
            await Task.WhenAll(pumps);
        }
        catch (Exception e)
        {
            // A fault of the graph is the cause and the pump's declined send its echo, which may come first; a fault of the pump itself must end the graph.
            if (e is not GraphEndedException && !flow.Abort.IsCancellationRequested) { flow.Fault(e); }
            head.Complete();
            await flow.Completion;
            throw;
        }

        return unfinished == 0;

        async Task PumpNextAsync()
        {
            while (Interlocked.Increment(ref next) is var i && i < files.Count)
            {
                try
                {
                    if (stop.IsCancellationRequested || !await pump.PumpAsync(files[i], stop, flow.Abort)) { Interlocked.Increment(ref unfinished); }
                }
                catch (Exception e) when (e is IOException or HttpRequestException or UnauthorizedAccessException)
                {
                    // One lost input is no reason to stop the others; it is said, counted, and tried again by the next run.
                    Log.Unreadable(log, PublicLocation.Of(files[i].Location), e);
                    _unreadable.Enqueue($"{PublicLocation.Of(files[i].Location)}: {e.Message}");
                    Interlocked.Increment(ref unfinished);
                }
            }
        }
    }
}

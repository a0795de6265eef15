using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;

#pragma warning disable RS0030 // the only class that may create blocks

namespace LaionStream.Engine.Flow;

/// <summary>
/// Builds every block of the graph; no other class creates blocks. Turns a stage's method into a bounded block: its rows are counted, its drops are recorded in
/// the ledger, and its fault aborts the whole graph at once.
/// </summary>
/// <remarks>
/// Order of calls: create the blocks, link the inner ones first and the source last, feed the source, complete it, await <see cref="Completion"/>.
/// DataflowSemanticsTests pins the Dataflow behaviour that this class relies on.
/// </remarks>
internal sealed class FlowBuilder : IDisposable
{
    private readonly IDropSink _ledger;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _abort;
    private readonly FlowMetrics? _metrics;
    private readonly List<Task> _completions = [];
    private readonly List<Task> _tickers = [];
    private Func<IRow, DropOutcome, ValueTask>? _record;
    private Exception? _firstFault;

    /// <summary>Starts an empty graph.</summary>
    /// <param name="ledger">Receives every dropped row.</param>
    /// <param name="clock">Drives lingers and ticks.</param>
    /// <param name="abort">Ends the graph at once, queues discarded.</param>
    /// <param name="meters">Owns the meter that the stages report to; none: they report to <see cref="Gauges"/> only.</param>
    public FlowBuilder(IDropSink ledger, TimeProvider clock, CancellationToken abort, IMeterFactory? meters = null)
    {
        _ledger = ledger;
        _clock = clock;
        _abort = CancellationTokenSource.CreateLinkedTokenSource(abort);
        _metrics = meters is null ? null : new FlowMetrics(meters, Gauges);
    }

    /// <summary>What the stages are doing, in the order they were built.</summary>
    public FlowGauges Gauges { get; } = new();

    /// <summary>Cancelled when the graph is aborted: from outside, or by the first fault of any block.</summary>
    public CancellationToken Abort => _abort.Token;

    /// <summary>The first fault, or null while there was none.</summary>
    public Exception? FirstFault => Volatile.Read(ref _firstFault);

    /// <summary>
    /// Completes when every block has completed: normally after a drain, with the exception of the first fault, or cancelled after an abort from outside.
    /// </summary>
    public Task Completion => CompleteAsync();

    /// <summary>Aborts the graph because of a fault outside its blocks, such as in the pump.</summary>
    /// <param name="cause">Becomes the fault that <see cref="Completion"/> reports, unless one came before it.</param>
    public void Fault(Exception cause)
    {
        Interlocked.CompareExchange(ref _firstFault, Unwrap(cause), null);
        try
        {
            _abort.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return; // the graph has ended in the meantime: there is nothing to abort
        }
    }

    /// <summary>A stage that turns each row into one message, or drops it.</summary>
    /// <param name="name">Its name in gauges, logs and faults.</param>
    /// <param name="queue">Its bounds; the parallelism may be changed while the graph runs.</param>
    /// <param name="run">The stage's method. It turns its own deadlines into drop reasons; a cancellation that leaks out of it faults the graph.</param>
    /// <param name="limit">
    /// The time limit of a row by the stage's own options, not counting waits (<see cref="StageWork.Wait"/>); a call that exceeds it is reported.
    /// Null for a stage without such an option, which must never wait either: the graph's own limit then applies to the whole call.
    /// </param>
    public IPropagatorBlock<TIn, TOut> Stage<TIn, TOut>(
        string name, QueueOptions queue, Func<TIn, CancellationToken, ValueTask<Step<TOut>>> run, Func<TimeSpan>? limit = null)
        where TIn : class, IRow
        where TOut : class
    {
        // A block's parallelism is fixed when it is built: live changes act on a gate inside a block built with a higher parallelism.
        int ceiling = Math.Min(queue.Capacity, queue.LiveMost);
        var gate = new ConcurrencyGate(() => queue.Parallelism);
        var gauge = new StageGauge(name, queue.Capacity, queue.Parallelism) { Limit = limit };
        var block = new TransformManyBlock<TIn, TOut>(RunOneAsync, Bounded(name, queue.Capacity, ceiling));
        gauge.InputCount = () => block.InputCount;
        gauge.OutputCount = () => block.OutputCount;
        return Watch(block, gauge);

        // At most one output per row: a dropped row leaves no message behind, so no link needs a predicate.
        async Task<IEnumerable<TOut>> RunOneAsync(TIn row)
        {
            await gate.EnterAsync(Abort);
            StageWork work = Begin(new StageWork(gauge, row.Key, _clock));
            if (limit is not null) { work.Enter(); } // costs an execution context per row
            try
            {
                return await RecordAsync(gauge, row, row.Key, (row as IPayloadRow)?.Payload, await run(row, Abort)) is { } kept ? [kept] : [];
            }
            catch (OperationCanceledException e) when (!Abort.IsCancellationRequested)
            {
                throw new FlowLeakException(name, row.Key.ToString(), e);
            }
            finally
            {
                gauge.End(work);
                gate.Exit();
            }
        }
    }

    /// <summary>Gathers rows into batches that are sent when full, or after <paramref name="linger"/> while no batch is ready.</summary>
    /// <param name="name">Its name in gauges.</param>
    /// <param name="size">Rows of a full batch; called at every row, so that a live change takes effect.</param>
    /// <param name="ahead">Batches that may be held, at least two: one more than there are workers.</param>
    /// <param name="linger">Called at every tick, so that a live change takes effect.</param>
    public IPropagatorBlock<T, T[]> Batch<T>(string name, Func<int> size, int ahead, Func<TimeSpan> linger)
        where T : class, IRow
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 2);

        // One batch is gathered and the others are ready: together no more rows than a batch block of that capacity would hold.
        var ready = new BufferBlock<T[]>(new DataflowBlockOptions
        {
            NameFormat = name,
            BoundedCapacity = ahead - 1,
            EnsureOrdered = false,
            CancellationToken = Abort,
        });
        var gatherer = new RowGatherer<T>(size, batch => ready.SendAsync(batch, Abort), () => ready.Count > 0, Abort);
        var rows = new ActionBlock<T?>(row => gatherer.TakeAsync(row).AsTask(), new ExecutionDataflowBlockOptions
        {
            NameFormat = name,
            BoundedCapacity = 1,
            CancellationToken = Abort,
        });
        var gauge = new StageGauge(name, () => size() * ahead, 1)
        {
            InputCount = () => gatherer.Held,
            OutputCount = () => ready.Count * size(),
        };
        _tickers.Add(EndBatchesAsync(rows, ready, gatherer));
        _tickers.Add(LingerAsync(rows, linger));
        return Watch(DataflowBlock.Encapsulate<T, T[]>(rows!, ready), gauge);
    }

    /// <summary>A stage that processes one batch at a time, with one batch in progress and one ready.</summary>
    /// <param name="name">Its name in gauges, logs and faults.</param>
    /// <param name="run">Returns one step per row of the batch, in its order.</param>
    public IPropagatorBlock<TIn[], TOut> BatchStage<TIn, TOut>(string name,
        Func<IReadOnlyList<TIn>, CancellationToken, ValueTask<IReadOnlyList<Step<TOut>>>> run)
        where TIn : class, IRow
        where TOut : class
    {
        // Capacity 2: the first linked worker takes as many batches as its queue holds, so a larger queue would starve the others.
        var gauge = new StageGauge(name, 2, 1);
        var block = new TransformManyBlock<TIn[], TOut>(RunBatchAsync, Bounded(name, capacity: 2, parallelism: 1));
        gauge.InputCount = () => block.InputCount;
        gauge.OutputCount = () => block.OutputCount;
        return Watch(block, gauge);

        async Task<IEnumerable<TOut>> RunBatchAsync(TIn[] batch)
        {
            // Keys are read before the call: a disposed message still has its key, but this class does not rely on that.
            RowKey[] keys = Array.ConvertAll(batch, row => row.Key);
            IDisposable?[] payloads = Array.ConvertAll(batch, row => (row as IPayloadRow)?.Payload);
            StageWork work = Begin(new StageWork(gauge, keys, _clock));
            try
            {
                IReadOnlyList<Step<TOut>> steps = await run(batch, Abort);
                if (steps.Count != keys.Length)
                {
                    throw new InvalidOperationException($"Stage '{name}' returned {steps.Count} steps for {keys.Length} rows.");
                }

                var kept = new List<TOut>(keys.Length);
                for (int i = 0; i < keys.Length; i++)
                {
                    if (await RecordAsync(gauge, batch[i], keys[i], payloads[i], steps[i]) is { } row) { kept.Add(row); }
                }

                return kept;
            }
            catch (OperationCanceledException e) when (!Abort.IsCancellationRequested)
            {
                throw new FlowLeakException(name, $"{keys[0]} and {keys.Length - 1} more", e);
            }
            finally
            {
                gauge.End(work);
            }
        }
    }

    /// <summary>The end of a line: writes one row at a time into an object with state, and calls it periodically.</summary>
    /// <param name="name">Its name in gauges, logs and faults.</param>
    /// <param name="capacity">Rows it may hold.</param>
    /// <param name="write">Writes a row.</param>
    /// <param name="every">Time between ticks.</param>
    /// <param name="tick">Runs inside the block, never concurrently with <paramref name="write"/>: timers must not touch its state.</param>
    public ITargetBlock<T> Sink<T>(string name, int capacity, Func<T, CancellationToken, ValueTask> write, TimeSpan every,
        Func<CancellationToken, ValueTask> tick)
        where T : class, IRow
    {
        var gauge = new StageGauge(name, capacity, 1);
        var block = new ActionBlock<T?>(TakeAsync, Bounded(name, capacity, parallelism: 1));
        gauge.InputCount = () => block.InputCount;
        Follow(block, gauge);
        _tickers.Add(TickAsync(block, every));
        return block!;

        // A null row is the tick: a separate message type would need a wrapper per row.
        async Task TakeAsync(T? row)
        {
            StageWork work = Begin(row is null ? new StageWork(gauge, [], _clock) : new StageWork(gauge, row.Key, _clock));
            try
            {
                if (row is null)
                {
                    await tick(Abort);
                    return;
                }

                await write(row, Abort);
                gauge.CountKept();
            }
            catch (OperationCanceledException e) when (row is not null && !Abort.IsCancellationRequested)
            {
                throw new FlowLeakException(name, row.Key.ToString(), e);
            }
            finally
            {
                gauge.End(work);
            }
        }
    }

    /// <summary>Whether every dropped row also goes to a sink, which records its outcome once the row is durable.</summary>
    public bool RecordsDrops => _record is not null;

    /// <summary>
    /// Sends every row that is dropped from now on to a sink, which records its outcome in place of this class. Called after all blocks were created: the sink
    /// ends after them. It depends on nothing but the disk, so that a stage that waits for it, holding neither message nor memory, always goes on.
    /// </summary>
    /// <param name="name">Its name in gauges, logs and faults.</param>
    /// <param name="capacity">Rows it may hold.</param>
    /// <param name="recordOf">Takes from a message what is recorded of its row; the stage has returned what the message owned.</param>
    /// <param name="write">Writes a row.</param>
    /// <param name="every">Time between ticks.</param>
    /// <param name="tick">As for <see cref="Sink"/>.</param>
    public void RecordDrops<T>(string name, int capacity, Func<IRow, DropOutcome, T> recordOf, Func<T, CancellationToken, ValueTask> write, TimeSpan every,
        Func<CancellationToken, ValueTask> tick)
        where T : class, IRow
    {
        Task sources = Task.WhenAll(_completions);
        ITargetBlock<T> sink = Sink(name, capacity, write, every, tick);
        _tickers.Add(CompleteAfterAsync(sources, sink));
        _record = async (row, outcome) =>
        {
            using WorkWait wait = StageWork.Wait();
            if (await sink.SendAsync(recordOf(row, outcome), Abort)) { return; }

            await ((Task)sink.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (sink.Completion.Exception is { } fault) { Fault(fault); } // the cause, which would otherwise race with the following
            Abort.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"'{name}' declined row {row.Key}: it ended before its sources did.");
        };
    }

    /// <summary>Sends a row that ends before it enters the graph to the sink of dropped rows. The head must not have been completed.</summary>
    public ValueTask RecordDropAsync(IRow row, DropOutcome outcome) =>
        (_record ?? throw new InvalidOperationException("Dropped rows are not recorded."))(row, outcome);

    /// <summary>Links one source to one target.</summary>
    public void Link<T>(ISourceBlock<T> source, ITargetBlock<T> target) => source.LinkTo(target, new DataflowLinkOptions { PropagateCompletion = true });

    /// <summary>Links one source to equal workers: each row (or batch) goes to the first worker whose queue is not full.</summary>
    public void FanOut<T>(ISourceBlock<T> source, IReadOnlyList<ITargetBlock<T>> workers)
    {
        foreach (ITargetBlock<T> worker in workers) { Link(source, worker); }
    }

    /// <summary>Links several sources to one target, which completes when all sources have. Plain links would complete it with the first source.</summary>
    public void FanIn<T>(IReadOnlyList<ISourceBlock<T>> sources, ITargetBlock<T> target)
    {
        foreach (ISourceBlock<T> source in sources) { source.LinkTo(target); }
        _tickers.Add(CompleteAfterAllAsync(sources, target));
    }

    /// <summary>
    /// Links one source to several branches: each row goes to the target of its branch, and the last branch takes all rows of no other branch.
    /// </summary>
    /// <param name="source">The source of the rows.</param>
    /// <param name="branch">Returns the name of a row's branch.</param>
    /// <param name="targets">Branch names and targets.</param>
    public void Route<T>(ISourceBlock<T> source, Func<T, string> branch, IReadOnlyList<(string Branch, ITargetBlock<T> Target)> targets)
    {
        foreach ((string name, ITargetBlock<T> target) in targets.SkipLast(1))
        {
            source.LinkTo(target, new DataflowLinkOptions { PropagateCompletion = true }, row => branch(row) == name);
        }

        // The last link matches exactly the rows that no other link matches: a row that no link matches would block the queue for ever, and an unconditional
        // last link would take the rows of a branch whose queue is full, since a postponed message is offered to the next link at once.
        string[] others = [.. targets.SkipLast(1).Select(target => target.Branch)];
        source.LinkTo(targets[^1].Target, new DataflowLinkOptions { PropagateCompletion = true }, row => Array.IndexOf(others, branch(row)) < 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics?.Dispose();
        _abort.Dispose();
    }

    private static Exception Unwrap(Exception fault) =>
        fault is AggregateException aggregate && aggregate.Flatten().InnerExceptions is [var first, ..] ? first : fault;

    private ExecutionDataflowBlockOptions Bounded(string name, int capacity, int parallelism) => new()
    {
        NameFormat = name,
        BoundedCapacity = capacity,
        MaxDegreeOfParallelism = parallelism,
        EnsureOrdered = false,
        CancellationToken = Abort,
    };

    private static StageWork Begin(StageWork work)
    {
        work.Stage.Begin(work);
        return work;
    }

    private ValueTask<TOut?> RecordAsync<TOut>(StageGauge gauge, IRow message, RowKey key, IDisposable? payload, Step<TOut> step)
        where TOut : class
    {
        if (step.Row is { } row)
        {
            gauge.CountKept();
            return ValueTask.FromResult<TOut?>(row);
        }

        if (step.Drop.Reason == DropReason.None)
        {
            throw new InvalidOperationException($"Stage '{gauge.Name}' returned neither a message nor a reason for row {key}.");
        }
        payload?.Dispose();
        gauge.CountDropped(step.Drop.Reason);
        if (_record is not null) { return SendDropAsync(_record, message, step.Drop); }

        _ledger.Drop(key, step.Drop);
        return default;

        static async ValueTask<TOut?> SendDropAsync(Func<IRow, DropOutcome, ValueTask> record, IRow message, DropOutcome drop)
        {
            await record(message, drop);
            return null;
        }
    }

    private IPropagatorBlock<TIn, TOut> Watch<TIn, TOut>(IPropagatorBlock<TIn, TOut> block, StageGauge gauge)
    {
        Follow(block, gauge);

        // A completed but undrained block ignores its token: its unread rows must be consumed. This is the only use of a null target.
        Abort.UnsafeRegister(static state => ((ISourceBlock<TOut>)state!).LinkTo(DataflowBlock.NullTarget<TOut>()), block);
        return block;
    }

    private void Follow(IDataflowBlock block, StageGauge gauge)
    {
        gauge.Metrics = _metrics;
        Gauges.Add(gauge);
        _completions.Add(FollowAsync(block.Completion));
    }

    private async Task FollowAsync(Task completion)
    {
        await ((Task)completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (completion.Exception is { } fault) { Fault(fault); }
    }

    private async Task LingerAsync<T>(ActionBlock<T?> block, Func<TimeSpan> linger)
        where T : class
    {
        using var timer = new PeriodicTimer(linger(), _clock);
        while (await NextTickAsync(timer, block.Completion))
        {
            if (!await block.SendAsync(null)) { return; }
            if (timer.Period != linger()) { timer.Period = linger(); }
        }
    }

    /// <summary>The end of the rows is the end of the batches: the last partial one is sent, or the fault is passed on.</summary>
    private async Task EndBatchesAsync<T>(ActionBlock<T?> rows, BufferBlock<T[]> ready, RowGatherer<T> gatherer)
        where T : class
    {
        await ((Task)rows.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (rows.Completion.Exception is { } fault)
        {
            ((IDataflowBlock)ready).Fault(fault);
            return;
        }

        if (Abort.IsCancellationRequested) { return; } // which ends the batches, too

        try
        {
            await gatherer.SendAsync();
            ready.Complete();
        }
        catch (OperationCanceledException) when (Abort.IsCancellationRequested)
        {
            // The run was aborted while the last batch waited.
        }
    }

    private async Task TickAsync<T>(ActionBlock<T?> block, TimeSpan every)
        where T : class
    {
        using var timer = new PeriodicTimer(every, _clock);
        while (await NextTickAsync(timer, block.Completion))
        {
            // At most one tick is pending: a full queue delays it like any row.
            if (!await block.SendAsync(null)) { return; }
        }
    }

    private async Task<bool> NextTickAsync(PeriodicTimer timer, Task ended)
    {
        Task<bool> tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        return await Task.WhenAny(tick, ended) == tick && await tick;
    }

    private async Task CompleteAfterAllAsync<T>(IReadOnlyList<ISourceBlock<T>> sources, ITargetBlock<T> target)
    {
        Task all = Task.WhenAll(sources.Select(source => source.Completion));
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.Exception is { } fault) { target.Fault(fault); }
        else { target.Complete(); }
    }

    private static async Task CompleteAfterAsync(Task sources, IDataflowBlock sink)
    {
        await sources;
        sink.Complete();
    }

    private async Task CompleteAsync()
    {
        await Task.WhenAll(_completions);
        await Task.WhenAll(_tickers);
        if (_firstFault is { } fault) { ExceptionDispatchInfo.Throw(fault); }
        Abort.ThrowIfCancellationRequested();
    }
}

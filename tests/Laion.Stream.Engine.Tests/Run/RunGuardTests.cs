using System.Diagnostics;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Run;
using LaionStream.Engine.Tests.Ledger;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Run;

/// <summary>When the guard ends the process and when it does not: a real graph and a real output, and a process end that is only recorded.</summary>
public sealed class RunGuardTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly FakeEnd _end = new();
    private readonly RunState _state;
    private readonly FlowBuilder _flow;
    private readonly ITargetBlock<Row> _head;
    private int _entered;
    private bool _alone;

    public RunGuardTests()
    {
        _state = new LedgerWorld(_folder.Root).Open();
        _flow = new FlowBuilder(_state.Ledger, TimeProvider.System, _abort.Token);
        var stage = _flow.Stage<Row, Row>("decode", new QueueOptions { Parallelism = 2, Capacity = 4 }, DecodeAsync, () => TimeSpan.FromMilliseconds(100));
        _flow.Link(stage, _flow.Sink<Row>("sink", 4, (_, _) => default, TimeSpan.FromMinutes(1), _ => default));
        _head = stage;
    }

    private static PipelineOptions Options => new()
    {
        DrainTimeout = TimeSpan.FromMilliseconds(300),
        AbortGrace = TimeSpan.FromMilliseconds(300),
        OverrunGrace = TimeSpan.Zero,
    };

    public void Dispose()
    {
        _release.Set();
        _flow.Fault(new InvalidOperationException("the test ends"));
        _flow.Dispose();
        _stop.Dispose();
        _abort.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("drain_limit")]
    [InlineData("signal")]
    [InlineData("fault")]
    public async Task Watch_StageDoesNotReturn_EndsTheProcessWithTheRowNotedAndTheLedgerClosed(string why)
    {
        using RunGuard guard = await StuckAsync(Options, _end);
        Act(why);

        string said = await _end.Said.Task.WaitAsync(Patience);
        Assert.Contains("still running: decode, row 0:7", said, StringComparison.Ordinal);
        Assert.Contains(why switch { "drain_limit" => "did not drain within", "signal" => "aborted", _ => "disk full" }, said, StringComparison.Ordinal);
        SuspectNote note = Assert.Single(SuspectFile.Read(new LocalDisk(), Path.Combine(_folder.Root, "state")));
        Assert.Equal((new RowKey(0, 7), "decode", why, 0.1, false, "file0.wat.gz"), (note.Key, note.Stage, note.Why, note.Limit, note.Alone, note.Input));
        Assert.True(note.Worked > 0);

        // Further writes wait until the process has ended.
        await Assert.ThrowsAsync<TimeoutException>(() => _state.FlushAsync().AsTask().WaitAsync(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task Watch_SuspectAloneDoesNotReturn_EndsTheRun()
    {
        _alone = true;
        using RunGuard guard = await StuckAsync(Options, _end);

        string said = await _end.Said.Task.WaitAsync(Patience);
        Assert.Contains("suspect of an earlier run", said, StringComparison.Ordinal);
        SuspectNote note = Assert.Single(SuspectFile.Read(new LocalDisk(), Path.Combine(_folder.Root, "state")));
        Assert.Equal((true, "suspect", true), (note.Alone, note.Why, note.Worked > note.Limit));
    }

    [Fact]
    public async Task Watch_UrgentEnd_NoGraceIsLeft()
    {
        PipelineOptions options = Options;
        options.AbortGrace = TimeSpan.FromHours(1);
        using RunGuard guard = await StuckAsync(options, _end);
        await _abort.CancelAsync();
        await Task.Delay(500);
        Assert.False(_end.Said.Task.IsCompleted);
        _end.IsUrgent = true;
        await _end.Said.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Watch_StageReturnsWithinTheGrace_TheProcessContinues()
    {
        PipelineOptions options = Options;
        options.AbortGrace = TimeSpan.FromSeconds(20);
        using (RunGuard guard = await StuckAsync(options, _end))
        {
            await _abort.CancelAsync();
            await Task.Delay(300);
            _release.Set();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _flow.Completion.WaitAsync(Patience));
        }

        Assert.False(_end.Said.Task.IsCompleted);
        await _state.FlushAsync();
    }

    [Fact]
    public async Task Watch_InsideAnotherProgram_OnlyReports()
    {
        RunGuard guard = await StuckAsync(Options, null);
        await _abort.CancelAsync();
        await Task.Delay(1000);
        long start = Stopwatch.GetTimestamp();
        guard.Dispose();
        Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
        await _state.FlushAsync(); // nothing was closed
    }

    private void Act(string why)
    {
        switch (why)
        {
            case "drain_limit":
                _stop.Cancel();
                break;
            case "signal":
                _abort.Cancel();
                break;
            default:
                _flow.Fault(new IOException("disk full"));
                break;
        }
    }

    private async Task<RunGuard> StuckAsync(PipelineOptions options, IProcessEnd? end)
    {
        var guard = new RunGuard(options, end, TimeProvider.System, NullLogger<RunGuard>.Instance);
        guard.Watch(_flow, _state, _stop.Token, _abort.Token);
        await _head.SendAsync(new Row(new RowKey(0, 7)));
        using var patience = new CancellationTokenSource(Patience);
        while (Volatile.Read(ref _entered) == 0) { await Task.Delay(5, patience.Token); }
        return guard;
    }

    private ValueTask<Step<Row>> DecodeAsync(Row row, CancellationToken abort)
    {
        if (_alone) { StageWork.NoteAlone(); }
        Interlocked.Increment(ref _entered);
        _release.Wait(CancellationToken.None); // as a native call does: it ignores the abort
        return ValueTask.FromResult<Step<Row>>(row);
    }

    private sealed record Row(RowKey Key) : IRow;

    private sealed class FakeEnd : IProcessEnd
    {
        public bool IsUrgent { get; set; }

        public TaskCompletionSource<string> Said { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Now(string why) => Said.TrySetResult(why);
    }
}

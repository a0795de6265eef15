using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Run;

/// <summary>The files that a <c>retry</c> reads. Each is opened again shortly before its turn, so that memory holds the rows of those being read and not of all.</summary>
internal sealed class RetryFiles
{
    private const long LinksAhead = 4 << 20; // two bytes each

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly RunState _state;
    private readonly RetryPlan _plan;
    private int _opened; // so many of the plan's files, from the first on

    private RetryFiles(RunState state, RetryPlan plan)
    {
        (_state, _plan) = (state, plan);
        Files = [.. plan.FileNumbers.Select(number => new InputFile(number, state.KnownInputs[number]))];
    }

    /// <summary>The files, in order.</summary>
    public IReadOnlyList<InputFile> Files { get; }

    /// <summary>Finds the files with rows to take up.</summary>
    public static async ValueTask<RetryFiles> FindAsync(RunState state, Retry retry) => new(state, await state.PlanRetryAsync(retry.Reasons, retry.OlderThan));

    /// <summary>Lets a file's rows into the graph once more, and those of the next files while they are few.</summary>
    /// <param name="file">One of <see cref="Files"/>; no later one was asked for before it but by pumps at work now.</param>
    /// <param name="stop">Gives up waiting.</param>
    public async ValueTask OpenAsync(InputFile file, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            while (_opened < _plan.FileNumbers.Count && _plan.FileNumbers[_opened] <= file.Number)
            {
                var next = new HashSet<int>();
                for (long links = 0; _opened < _plan.FileNumbers.Count && links <= LinksAhead; _opened++)
                {
                    next.Add(_plan.FileNumbers[_opened]);
                    links += _plan.Links.GetValueOrDefault(_plan.FileNumbers[_opened]);
                }

                await _state.AskAgainAsync(_plan, next);
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}

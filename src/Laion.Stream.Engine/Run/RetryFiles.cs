using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Run;

/// <summary>
/// The files that a <c>retry</c> reads. Each is reopened shortly before it is read, so that memory holds the rows of the files being read and not of all.
/// </summary>
internal sealed class RetryFiles
{
    private const long LinksAhead = 4 << 20; // two bytes each

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly RunState _state;
    private readonly RetryPlan _plan;
    private int _opened; // number of the plan's files opened so far

    private RetryFiles(RunState state, RetryPlan plan)
    {
        (_state, _plan) = (state, plan);
        Files = [.. plan.FileNumbers.Select(number => new InputFile(number, state.KnownInputs[number]))];
    }

    /// <summary>The files, in order.</summary>
    public IReadOnlyList<InputFile> Files { get; }

    /// <summary>Finds the files with rows to retry.</summary>
    public static async ValueTask<RetryFiles> FindAsync(RunState state, Retry retry) => new(state, await state.PlanRetryAsync(retry.Reasons, retry.OlderThan));

    /// <summary>Admits a file's rows to the graph again, and those of the next files while they are few.</summary>
    /// <param name="file">One of <see cref="Files"/>; later ones may have been opened before only by pumps that are running now.</param>
    /// <param name="stop">Cancels the wait.</param>
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

using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Models.Onnx;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>The main job, from input files to dataset.</summary>
internal sealed class DatasetRun(RunSession session, InputExpansion inputs, IOptions<InputOptions> input, ILogger<DatasetRun> log)
{
    /// <summary>Runs until the inputs are done, the run is stopped, or a fault occurs.</summary>
    /// <param name="verb">Recorded in the summary.</param>
    /// <param name="stop">Stops reading; rows in flight drain and are committed.</param>
    /// <param name="abort">Ends the run at once.</param>
    /// <exception cref="InputException">The given inputs cannot be read.</exception>
    /// <exception cref="OutputRefusedException">The output belongs to another process or another run.</exception>
    /// <exception cref="ModelException">A configured model cannot be loaded.</exception>
    /// <exception cref="Handles.HandleLimitException">The process may open too few files and sockets.</exception>
    /// <exception cref="OperationCanceledException">Either token was cancelled before the first file was opened.</exception>
    public async Task<RunReport> ExecuteAsync(string verb, CancellationToken stop, CancellationToken abort)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        IReadOnlyList<string> locations = await inputs.ExpandAsync(input.Value, either.Token);
        var request = new RunRequest(verb, locations, _ => input.Value.Share, (state, watch, token) => RunFiles.OfAsync(state, watch, input.Value, token));
        return await session.ExecuteAsync<DatasetPlan, DatasetGraph>(request, stop, abort);
    }

    /// <summary>
    /// Retries the retryable drops of an output, into the same output. Its inputs are those recorded in it; their addresses are completed from
    /// <see cref="Retry.Inputs"/> and from the settings, because an output stores neither user info nor query.
    /// </summary>
    /// <param name="retry">Which drops.</param>
    /// <param name="stop">Stops reading; rows in flight drain and are committed.</param>
    /// <param name="abort">Ends the run at once.</param>
    /// <exception cref="OutputRefusedException">The output belongs to another process or another run.</exception>
    /// <exception cref="InputException">The given inputs cannot be found.</exception>
    /// <exception cref="ModelException">A configured model cannot be loaded.</exception>
    public async Task<RunReport> RetryAsync(Retry retry, CancellationToken stop, CancellationToken abort)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        IReadOnlyList<string> locations = retry.Inputs.Count > 0 ? await inputs.ExpandAsync(input.Value, either.Token)
            : [.. input.Value.Paths.Where(path => PublicLocation.Of(path) != path)];
        var request = new RunRequest("retry", locations, state => RunFiles.ShareOf(state, input.Value, log),
            (state, watch, token) => RunFiles.OfRetryAsync(state, watch, retry, token))
        {
            TakesNewInputs = false,
        };
        return await session.ExecuteAsync<DatasetPlan, DatasetGraph>(request, stop, abort);
    }
}

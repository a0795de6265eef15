using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>Input files to candidates, without download: what cc2dataset does.</summary>
internal sealed class ExtractRun(RunSession session, InputExpansion inputs, IOptions<InputOptions> input)
{
    /// <summary>Runs until the inputs are done, the run is stopped, or a fault occurs.</summary>
    /// <param name="stop">Stops reading; rows in flight drain and are committed.</param>
    /// <param name="abort">Ends the run at once.</param>
    /// <exception cref="InputException">The given inputs cannot be read.</exception>
    /// <exception cref="OutputRefusedException">The output belongs to another process or another run.</exception>
    public async Task<RunReport> ExecuteAsync(CancellationToken stop, CancellationToken abort)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        IReadOnlyList<string> locations = await inputs.ExpandAsync(input.Value, either.Token);
        var request = new RunRequest("extract", locations, _ => input.Value.Share, (state, watch, token) => RunFiles.OfAsync(state, watch, input.Value, token));
        return await session.ExecuteAsync<CandidatePlan, CandidateGraph>(request, stop, abort);
    }
}

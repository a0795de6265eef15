using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Inputs.Queue;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>The handles of a run that downloads, planned before it opens any.</summary>
internal sealed class DownloadHandles
{
    /// <summary>Plans, and logs what had to be reduced.</summary>
    /// <exception cref="Handles.HandleLimitException">The process may not even open the minimum that a run needs.</exception>
    public DownloadHandles(IOptionsMonitor<DownloadOptions> download, IOptions<InputOptions> input, ILogger<DatasetRun> log)
    {
        int inputs = RunFiles.Parallel(input.Value);
        Planner = RunHandles.Plan(download.CurrentValue, ref inputs, log);
        Inputs = inputs;
    }

    /// <summary>Plans again when the settings change.</summary>
    public HandlePlanner Planner { get; }

    /// <summary>Input files that may be read concurrently.</summary>
    public int Inputs { get; }
}

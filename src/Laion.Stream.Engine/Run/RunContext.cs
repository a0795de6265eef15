using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Run;

/// <summary>What is known of a run only once it starts. <see cref="RunSession"/> sets it; the services of the run's scope are built from it.</summary>
internal sealed class RunContext
{
    private RunSignals? _signals;
    private OutputRequest? _output;

    /// <summary>Stop and abort; set before any other service of the scope is resolved.</summary>
    public RunSignals Signals
    {
        get => _signals ?? throw new InvalidOperationException("The run has not begun.");
        set => _signals = value;
    }

    /// <summary>The output; set once the kind of run is known to be possible, before the output is opened.</summary>
    public OutputRequest Output
    {
        get => _output ?? throw new InvalidOperationException("The run has no output yet.");
        set => _output = value;
    }
}

namespace LaionStream.Engine.Flow;

/// <summary>The gauges of all stages, in the order of the graph.</summary>
public sealed class FlowGauges
{
    private readonly List<StageGauge> _stages = [];

    /// <summary>The stages, from the source to the sinks.</summary>
    public IReadOnlyList<StageGauge> Stages => _stages;

    /// <summary>
    /// The stage that limits the run: the last full one before one that is not. None full: the source does not keep up (<c>input</c>).
    /// </summary>
    public string Bottleneck
    {
        get
        {
            StageGauge? last = _stages.LastOrDefault(stage => stage.IsFull);
            return last?.Name ?? "input";
        }
    }

    internal void Add(StageGauge gauge) => _stages.Add(gauge);
}

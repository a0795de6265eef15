namespace LaionStream.Engine.Flow;

/// <summary>The gauges of all stages, in the order of the graph.</summary>
public sealed class FlowGauges
{
    private readonly List<StageGauge> _stages = [];
    private readonly List<(string Stage, ByteBudget Budget)> _budgets = [];

    /// <summary>The stages, from the source to the sinks.</summary>
    public IReadOnlyList<StageGauge> Stages => _stages;

    /// <summary>The slices of the memory budget that rows of some stage reserve bytes from.</summary>
    public IEnumerable<ByteBudget> Budgets => _budgets.Select(one => one.Budget);

    /// <summary>
    /// What limits the run: the last full stage before one that is not full, or <c>memory (…)</c> if rows of that stage or of a later one wait for bytes.
    /// When no stage is full and no row waits, the source is the limit (<c>input</c>).
    /// </summary>
    public string Bottleneck
    {
        get
        {
            int last = _stages.FindLastIndex(stage => stage.IsFull);
            (string Stage, ByteBudget Budget) wanting = _budgets.LastOrDefault(one => one.Budget.Waiting > 0);
            if (wanting.Budget is { } budget && _stages.FindIndex(stage => stage.Name == wanting.Stage) >= last) { return $"memory ({budget.Name})"; }
            return last < 0 ? "input" : _stages[last].Name;
        }
    }

    /// <summary>Registers that the rows of a stage reserve bytes from a slice of the memory budget; called in the order of the graph.</summary>
    public void TakesFrom(string stage, ByteBudget budget) => _budgets.Add((stage, budget));

    internal void Add(StageGauge gauge) => _stages.Add(gauge);
}

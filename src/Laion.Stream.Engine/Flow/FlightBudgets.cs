namespace LaionStream.Engine.Flow;

/// <summary>The two slices of a run's memory budget.</summary>
/// <param name="Bodies">For encoded bodies.</param>
/// <param name="Pixels">For decoded pixels.</param>
internal sealed record FlightBudgets(ByteBudget Bodies, ByteBudget Pixels);

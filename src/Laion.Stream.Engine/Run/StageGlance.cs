namespace LaionStream.Engine.Run;

/// <summary>One stage at one moment.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Held">Rows (batches) that it holds: waiting, in progress, and not yet taken by the next stage.</param>
/// <param name="Active">Those in progress.</param>
/// <param name="Capacity">Most that it may hold.</param>
/// <param name="Overdue">Calls that exceed their time limit.</param>
internal readonly record struct StageGlance(string Name, int Held, int Active, int Capacity, int Overdue);

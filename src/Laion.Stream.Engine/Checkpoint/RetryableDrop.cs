using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Checkpoint;

/// <summary>A row whose standing verdict is a drop that another fetch may end otherwise.</summary>
/// <param name="Key">The row.</param>
/// <param name="Verdict">Why it was dropped.</param>
/// <param name="At">When the verdict became durable, UTC.</param>
internal readonly record struct RetryableDrop(RowKey Key, DropVerdict Verdict, DateTimeOffset At);

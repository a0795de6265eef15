namespace LaionStream.Engine.Run;

/// <summary>A writer as the graph sees it.</summary>
/// <param name="Name">The set it writes.</param>
/// <param name="WriteAsync">Writes one row.</param>
/// <param name="TickAsync">Rotates by age; called between rows, never concurrently with a write.</param>
internal sealed record SetWriter<T>(string Name, Func<T, CancellationToken, ValueTask> WriteAsync, Func<CancellationToken, ValueTask> TickAsync);

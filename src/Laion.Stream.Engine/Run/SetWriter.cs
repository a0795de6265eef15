namespace LaionStream.Engine.Run;

/// <summary>The end of a line as the graph sees it.</summary>
/// <param name="Name">The set it writes.</param>
/// <param name="WriteAsync">Takes one row.</param>
/// <param name="TickAsync">Rotates by age; called between rows, never beside one.</param>
internal sealed record SetWriter<T>(string Name, Func<T, CancellationToken, ValueTask> WriteAsync, Func<CancellationToken, ValueTask> TickAsync);

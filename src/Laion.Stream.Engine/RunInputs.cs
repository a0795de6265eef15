using LaionStream.Engine.Candidates;

namespace LaionStream.Engine;

/// <summary>What a session reads.</summary>
/// <param name="Files">The files, in order.</param>
/// <param name="BeginAsync">Called before each is read.</param>
internal sealed record RunInputs(IReadOnlyList<InputFile> Files, Func<InputFile, CancellationToken, ValueTask> BeginAsync);

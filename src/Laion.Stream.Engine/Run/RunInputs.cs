using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Run;

/// <summary>What a session reads.</summary>
/// <param name="Files">The files, in order.</param>
/// <param name="BeginAsync">Called before each is read; gives it as it is to be read.</param>
/// <param name="Began">Called before the first rows of each are taken.</param>
internal sealed record RunInputs(
    IReadOnlyList<InputFile> Files, Func<InputFile, InputHealth, CancellationToken, ValueTask<InputFile>> BeginAsync, Action<InputFile, InputHealth> Began);

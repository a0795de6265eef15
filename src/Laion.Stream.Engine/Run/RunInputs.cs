using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Run;

/// <summary>The input files of a session.</summary>
/// <param name="Files">The files, in order.</param>
/// <param name="BeginAsync">Called before each file is read; returns it in the form in which it is to be read.</param>
/// <param name="Began">Called before the first rows of each file are admitted.</param>
internal sealed record RunInputs(
    IReadOnlyList<InputFile> Files, Func<InputFile, InputHealth, CancellationToken, ValueTask<InputFile>> BeginAsync, Action<InputFile, InputHealth> Began);

using LaionStream.Dataset.Manifest;

namespace LaionStream.Engine.Output;

/// <summary>A file that every part of a set has.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
/// <param name="Role">What it holds, as the manifest names it (<see cref="FileRole"/>); no two files of a part have the same.</param>
/// <param name="Ending">The ending of its name, such as <c>.parquet</c>; no two files of a part have the same.</param>
/// <param name="BeginAsync">Begins a file on an empty stream.</param>
internal sealed record PartFileKind<TRow>(string Role, string Ending, Func<Stream, ValueTask<IPartFile<TRow>>> BeginAsync);

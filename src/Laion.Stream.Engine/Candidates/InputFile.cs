namespace LaionStream.Engine.Candidates;

/// <summary>One input file.</summary>
/// <param name="Shard">Place in the full input list, before any share is taken; part of every row's identity.</param>
/// <param name="Location">Local path or http(s) URL.</param>
public sealed record InputFile(int Shard, string Location)
{
    /// <summary>The last segment of <see cref="Location"/>, as the <c>source</c> column holds it.</summary>
    public string Name { get; } = Location[(Location.LastIndexOfAny(['/', '\\']) + 1)..];
}

using LaionStream.Engine.Candidates;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>One input file.</summary>
/// <param name="Number">The file number: its place in the output's list of inputs; part of every row's identity.</param>
/// <param name="Location">Local path or http(s) URL.</param>
public sealed record InputFile(int Number, string Location)
{
    /// <summary>
    /// The value of the <c>source</c> column: the last segment of <see cref="Location"/> without a URL's query, which may contain secrets; longer when
    /// another input has the same.
    /// </summary>
    public string Name { get; init; } = LastSegment(PublicLocation.Of(Location));

    private static string LastSegment(string location) => location[(location.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>The pieces in which a list is read that had lines appended; if empty, it is read as a whole.</summary>
    public IReadOnlyList<ListPiece> Pieces { get; init; } = [];
}

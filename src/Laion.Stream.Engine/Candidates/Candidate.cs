using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Candidates;

/// <summary>One image link with its caption, after the candidate rules.</summary>
/// <param name="Key">Input file and ordinal.</param>
/// <param name="Url">Absolute http or https URL, as in the URL column; a file URL for a picture of this machine whose address is not known.</param>
/// <param name="Text">Caption, as in the TEXT column.</param>
/// <param name="License">First Creative Commons licence link of the page, else <c>?</c>.</param>
/// <param name="PageUrl">Address of the page that contained the link; null for lists that give none.</param>
/// <param name="Source">Name of the input file.</param>
/// <param name="Hash">Low signed 64 bits of MurmurHash3 x64-128 over UTF-8(URL + TEXT).</param>
public sealed record Candidate(RowKey Key, string Url, string? Text, string License, string? PageUrl, string Source, long Hash) : IRow
{
    /// <summary>CLD3's code without script suffix, or <c>nolang</c>; null until the language stage has run.</summary>
    public string? Language { get; init; }

    /// <summary>The output set the language belongs to: <c>en</c>, <c>multi</c> or <c>nolang</c>; null until the language stage has run.</summary>
    public string? Set { get; init; }

    /// <summary>Values of a list's other columns, in the order of the run's extra-column schema; null for WAT and WARC.</summary>
    public IReadOnlyList<object?>? Extras { get; init; }

    /// <summary>What a list says about the digest of the bytes, as it stands there; null unless the run verifies digests.</summary>
    public string? ExpectedDigest { get; init; }

    /// <summary>The picture's bytes when the input itself contains them (a WARC's own response), else null.</summary>
    public ReadOnlyMemory<byte>? Archived { get; init; }

    /// <summary>The headers by which the archived response may forbid its use, as received.</summary>
    public IReadOnlyList<(string Name, string Value)> ArchivedHeaders { get; init; } = [];

    /// <summary>Where the picture is stored on this machine, which is then used instead of its URL; null for one that is fetched.</summary>
    public LocalPicture? Local { get; init; }
}

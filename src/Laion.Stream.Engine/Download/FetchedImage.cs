using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download;

/// <summary>The bytes that a candidate's URL returned. Owns <paramref name="Body"/>: the stage that drops or consumes the message disposes it.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Fetch">What the download found.</param>
/// <param name="Body">The encoded picture, after content decoding.</param>
public sealed record FetchedImage(Candidate Candidate, FetchFacts Fetch, PooledBody Body) : IRow, IDisposable
{
    private BodyDigests? _digests;

    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <summary>Digests of the body; those that were not asked for before it is returned cannot be had later.</summary>
    internal BodyDigests Digests { get => _digests ??= new BodyDigests(Body.Memory); init => _digests = value; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _digests?.Abandon();
        Body.Dispose();
    }
}

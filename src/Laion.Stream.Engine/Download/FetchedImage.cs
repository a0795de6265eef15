using LaionStream.Engine.Flow;
using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Download;

/// <summary>The bytes behind a candidate's URL. Owns <paramref name="Body"/>: who drops or consumes the message disposes it.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Body">The encoded picture, after content decoding.</param>
/// <param name="FinalUrl">Where redirects ended.</param>
/// <param name="FetchedAt">When the body was complete, UTC.</param>
public sealed record FetchedImage(Candidate Candidate, PooledBody Body, string FinalUrl, DateTimeOffset FetchedAt) : IRow, IDisposable
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <inheritdoc/>
    public void Dispose() => Body.Dispose();
}

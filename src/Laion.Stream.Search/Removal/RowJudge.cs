using LaionStream.Dataset.Removal;

namespace LaionStream.Search.Removal;

/// <summary>Decides which rows of what was made of an output are removed: those that the lists name, and those that were removed from the output.</summary>
/// <remarks>
/// Rows that were removed are recognised by their <c>hash</c>; where a file has none, by their address, which takes other captions of the same picture along;
/// where it has none either, by their picture. Of what an earlier version removed, only addresses and pictures are known.
/// </remarks>
/// <param name="list">The lists.</param>
/// <param name="removed">What was removed from the outputs.</param>
internal sealed class RowJudge(RemovalList list, RemovedSet removed)
{
    /// <summary>Which lists ask for it, for records.</summary>
    public string By => list.By;

    /// <summary>Whether a row is to be removed.</summary>
    public bool IsRemoved(in RowLooks row) => IsListed(row)
        || (row.Hash is { } hash ? removed.HasRow(hash) || removed.HasUrlWithoutRow(row.Url) || removed.HasUrlWithoutRow(row.FinalUrl)
            : row.Url is { Length: > 0 } || row.FinalUrl is { Length: > 0 } ? removed.HasUrl(row.Url) || removed.HasUrl(row.FinalUrl)
            : removed.HasPicture(row.Md5) || removed.HasPicture(row.Sha256));

    private bool IsListed(in RowLooks row) => list.HasHash(row.Hash) || list.HasAddress(row.Url) || list.HasAddress(row.FinalUrl) || list.HasPicture(row.Md5);
}

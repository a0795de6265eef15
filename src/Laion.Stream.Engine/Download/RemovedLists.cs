using LaionStream.Dataset.Removal;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download;

/// <summary>The block lists of an output itself: digests of the rows that were removed from it. They are no setting, and no part of the fingerprint.</summary>
/// <param name="stateFolder">The output's <c>state</c> folder.</param>
internal sealed class RemovedLists(string stateFolder)
{
    /// <summary>The options with these lists added, where they exist.</summary>
    public BlockListOptions AddTo(BlockListOptions options) => new()
    {
        Bytes = [.. options.Bytes, .. Existing(RemovedDigests.PicturesName)],
        Urls = [.. options.Urls, .. Existing(RemovedDigests.UrlsName)],
        Reload = options.Reload,
    };

    private IEnumerable<string> Existing(string name) => Path.Combine(stateFolder, name) is var path && File.Exists(path) ? [path] : [];
}

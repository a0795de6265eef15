using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download;

/// <summary>The settings of <see cref="DownloadOptions"/> that shape the rows: which bytes a link may return, and which are refused.</summary>
internal static class DownloadFingerprint
{
    /// <summary>Lists them.</summary>
    public static IReadOnlyList<FingerprintEntry> Of(DownloadOptions options) =>
    [
        FingerprintEntry.Of("Download:MinBytes", options.MinBytes, 5000),
        FingerprintEntry.Of("Download:MaxBytes", options.MaxBytes, 16_777_216),
        FingerprintEntry.Of("Download:Robots", options.Robots, false),
        FingerprintEntry.Of("Download:FromArchive", options.FromArchive, false), // decides which picture a link in a WARC gets
        FingerprintEntry.Of("Download:RespectHeaders", options.RespectHeaders, true),
        FingerprintEntry.Of("Download:BlockLists:Bytes", options.BlockLists.Bytes, []),
        FingerprintEntry.Of("Download:BlockLists:Urls", options.BlockLists.Urls, []),
    ];
}

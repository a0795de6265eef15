using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download;

/// <summary>The settings of <see cref="DownloadOptions"/> that shape the rows: which bytes a link may return, and which are refused.</summary>
internal static class DownloadFingerprint
{
    /// <summary>Lists them.</summary>
    /// <param name="options">The module's settings.</param>
    /// <param name="optOuts">Which opt-outs are obeyed, by the older keys of this module as well.</param>
    /// <param name="cookies">Whether cookies are sent back.</param>
    public static IReadOnlyList<FingerprintEntry> Of(DownloadOptions options, OptOutPolicy optOuts, CookieSwitch cookies) =>
    [
        FingerprintEntry.Of("Download:MinBytes", options.MinBytes, 5000),
        FingerprintEntry.Of("Download:MaxBytes", options.MaxBytes, 16_777_216),
        FingerprintEntry.Of("Download:FromArchive", options.FromArchive, false), // decides which picture a link in a WARC gets
        FingerprintEntry.Of(CookieSwitch.Key, cookies.IsOn, false),
        .. OptOutFingerprint.OfPictures(optOuts),
        FingerprintEntry.Of("Download:BlockLists:Bytes", options.BlockLists.Bytes, []),
        FingerprintEntry.Of("Download:BlockLists:Urls", options.BlockLists.Urls, []),
    ];
}

using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download;

/// <summary>Asks again whether pictures that were fetched before are reserved now: by their origins' files, and if wanted by the headers of a HEAD request.</summary>
internal sealed class Reexaminer(
    OriginPolicies origins, Fetcher fetcher, Func<DownloadOptions> live, Func<DownloadOptions, OptOutJudge> optOutsOf, TimeProvider clock)
{
    /// <summary>Asks about one address.</summary>
    /// <param name="address">The address of the picture after all redirects.</param>
    /// <param name="headers">Whether to request the picture's headers; then a header takes precedence over tdmrep.json.</param>
    /// <param name="abort">Gives up.</param>
    /// <returns>The signal that reserves it, or why that is not known: <see cref="DropReason.None"/> when nothing reserves it.</returns>
    public async ValueTask<DropOutcome> AskAsync(string address, bool headers, CancellationToken abort)
    {
        if (!WebUrl.TryParse(address, null, out WebUrl? url)) { return new DropOutcome(DropReason.BadUrl); }

        DownloadOptions options = live();
        OptOutJudge optOuts = optOutsOf(options);
        FetchPlan plan = FetchPlan.ForPictures(options, optOuts) with { HeadersOnly = true, Cookies = new ChainCookies(clock) };
        using var deadline = new FetchDeadline(options.Timeout, clock, abort);
        for (int redirects = 0; ; redirects++)
        {
            OriginOutcome outcome = await origins.AskAsync(url, optOuts, abort);
            if (outcome.Forbidden.Reason != DropReason.None) { return outcome.Forbidden; }
            if (!headers) { return outcome.IsReserved ? OptOutSignal.TdmFile.Outcome() : default; }

            FetchResult result = await fetcher.FetchAsync(url, plan with { IsReserved = outcome.IsReserved }, options, deadline);
            if (result.Location is not { } location) { return result.Outcome; }
            if (redirects == options.MaxRedirects) { return new DropOutcome(DropReason.TooManyRedirects); }
            if (!WebUrl.TryParse(location, url, out url)) { return new DropOutcome(DropReason.BadUrl); }
        }
    }
}

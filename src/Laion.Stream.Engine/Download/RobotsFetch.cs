using LaionStream.Engine.Candidates.Urls;
using LaionStream.Engine.Download.Robots;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download;

/// <summary>Fetches an origin's robots.txt for the cache, by the same guard, gate and deadline as pictures.</summary>
internal sealed class RobotsFetch(Fetcher fetcher, Func<DownloadOptions> live, TimeProvider clock)
{
    private const int MostRedirects = 5; // RFC 9309 2.3.1.2

    /// <summary>Fetches <c>/robots.txt</c> of an origin; never throws but for the abort.</summary>
    public async ValueTask<RobotsFetchResult> FetchAsync(string origin, CancellationToken abort)
    {
        if (!WebUrl.TryParse(origin + "/robots.txt", null, out WebUrl? url)) { return RobotsFetchResult.Failed(RobotsFailure.ConnectFailed); }

        DownloadOptions options = live();
        using var deadline = new FetchDeadline(options.Timeout, clock, abort);
        for (int redirects = 0; ; redirects++)
        {
            FetchResult result = await fetcher.FetchAsync(url, FetchPlan.ForRobots(options), options, deadline);
            if (result.Body is { } body)
            {
                using (body) { return new RobotsFetchResult(result.Status, body.Memory.ToArray()); }
            }

            if (result.Location is not { } location)
            {
                return result.Verdict.Reason == DropReason.HttpStatus ? new RobotsFetchResult(result.Status, default) : RobotsFetchResult.Failed(Of(result.Verdict.Reason));
            }

            if (redirects == MostRedirects) { return RobotsFetchResult.Failed(RobotsFailure.RedirectLoop); }
            if (!WebUrl.TryParse(location, url, out WebUrl? next)) { return RobotsFetchResult.Failed(RobotsFailure.ConnectFailed); }
            url = next;
        }
    }

    private static RobotsFailure Of(DropReason reason) => reason switch
    {
        DropReason.DnsFailed => RobotsFailure.DnsFailed,
        DropReason.Timeout or DropReason.TooSlow => RobotsFailure.Timeout,
        _ => RobotsFailure.ConnectFailed,
    };
}

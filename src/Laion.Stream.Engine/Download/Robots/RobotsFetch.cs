using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Robots;

/// <summary>Fetches an origin's robots.txt for the cache, with the same guard, gate, deadline and number of attempts as pictures.</summary>
internal sealed class RobotsFetch(Fetcher fetcher, Func<DownloadOptions> live, Random jitter, TimeProvider clock)
{
    private const int MostRedirects = 5; // RFC 9309 2.3.1.2

    /// <summary>Fetches <c>/robots.txt</c> of an origin; throws only on abort.</summary>
    public async ValueTask<RobotsFetchResult> FetchAsync(string origin, CancellationToken abort)
    {
        if (!WebUrl.TryParse(origin + "/robots.txt", null, out WebUrl? url)) { return RobotsFetchResult.Failed(DropReason.BadUrl); }

        DownloadOptions options = live();
        FetchPlan plan = FetchPlan.ForRobots(options);
        using var deadline = new FetchDeadline(options.Timeout, clock, abort);
        int redirects = 0;
        int attempts = 0;
        RobotsFetchResult? last = null;
        while (true)
        {
            FetchResult result = await fetcher.FetchAsync(url, plan, options, deadline);
            if (result.Body is { } body)
            {
                using (body) { return new RobotsFetchResult(result.Status, body.Memory.ToArray()); }
            }

            if (result.Location is { } location)
            {
                if (redirects++ == MostRedirects) { return RobotsFetchResult.Failed(DropReason.TooManyRedirects); }
                if (!WebUrl.TryParse(location, url, out WebUrl? next)) { return RobotsFetchResult.Failed(DropReason.BadUrl); }
                url = next;
                continue;
            }

            RobotsFetchResult end = result.Outcome.Reason == DropReason.HttpStatus
                ? new RobotsFetchResult(result.Status, default)
                : RobotsFetchResult.Failed(result.Outcome);
            if (end.IsLocal && last is { } said) { return said; } // the host's own answer is the better reason
            last = end;
            bool mayPass = end.Outcome == RobotsOutcome.Deny && (RetryRules.IsTransient(result.Outcome) || result.MayBeSharedConnection);
            if (!mayPass || attempts >= options.Retries) { return end; }
            plan = plan with { DedicatedConnection = result.MayBeSharedConnection };
            if (!await deadline.TrySleepAsync(RetryRules.Delay(attempts++, options.RetryDelay, jitter.NextDouble()))) { return end; }
        }
    }
}

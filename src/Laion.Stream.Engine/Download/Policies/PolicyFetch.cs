using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Policies;

/// <summary>Fetches an origin's files for the cache, with the same guard, gate, deadline and number of attempts as pictures.</summary>
internal sealed class PolicyFetch(Fetcher fetcher, Func<DownloadOptions> live, Random jitter, TimeProvider clock)
{
    private const int MostRedirects = 5; // RFC 9309 2.3.1.2

    /// <summary>Fetches a file; throws only on abort.</summary>
    public async ValueTask<PolicyFetchResult> FetchAsync(PolicyKey key, CancellationToken abort)
    {
        if (!WebUrl.TryParse(key.Url, null, out WebUrl? url)) { return PolicyFetchResult.Failed(DropReason.BadUrl); }

        DownloadOptions options = live();
        FetchPlan plan = FetchPlan.ForPolicies(options);
        using var deadline = new FetchDeadline(options.Timeout, clock, abort);
        int redirects = 0;
        int attempts = 0;
        PolicyFetchResult? last = null;
        while (true)
        {
            FetchResult result = await fetcher.FetchAsync(url, plan, options, deadline);
            if (result.Body is { } body)
            {
                using (body) { return new PolicyFetchResult(result.Status, body.Memory.ToArray()) { Freshness = result.Freshness }; }
            }

            if (result.Location is { } location)
            {
                if (redirects++ == MostRedirects) { return PolicyFetchResult.Failed(DropReason.TooManyRedirects); }
                if (!WebUrl.TryParse(location, url, out WebUrl? next)) { return PolicyFetchResult.Failed(DropReason.BadUrl); }
                url = next;
                continue;
            }

            PolicyFetchResult end = result.Outcome.Reason == DropReason.HttpStatus
                ? new PolicyFetchResult(result.Status, default) { Freshness = result.Freshness }
                : PolicyFetchResult.Failed(result.Outcome);
            if (end.IsLocal && last is { } said) { return said; } // the host's own answer is the better reason
            last = end;
            bool mayPass = end.Outcome == PolicyOutcome.Deny && (RetryRules.IsTransient(result.Outcome) || result.MayBeSharedConnection);
            if (!mayPass || attempts >= options.Retries) { return end; }
            plan = plan with { DedicatedConnection = result.MayBeSharedConnection };
            if (!await deadline.TrySleepAsync(RetryRules.Delay(attempts++, options.RetryDelay, jitter.NextDouble()))) { return end; }
        }
    }
}

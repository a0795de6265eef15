using System.Buffers;
using System.Net;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download.BlockLists;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Network;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download;

/// <summary>
/// Fetches one candidate's bytes or returns the reason for dropping it: follows redirects, retries transient failures, obeys opt-outs and block lists.
/// </summary>
internal sealed class DownloadStage(
    Fetcher fetcher,
    NetworkWatch network,
    OriginPolicies origins,
    HashBlockList blocked,
    ByteBudget bodies,
    DownloadStatistics statistics,
    DownloadMetrics metrics,
    Func<DownloadOptions> live,
    Func<DownloadOptions, OptOutJudge> optOutsOf,
    bool withCookies,
    Random jitter,
    TimeProvider clock)
{
    private const string LocalFiles = "(this machine)"; // takes the place of a host in statistics

    /// <summary>Fetches one row.</summary>
    /// <param name="candidate">A row whose URL has passed the URL rules.</param>
    /// <param name="abort">The abort of the run.</param>
    /// <returns>The bytes, or the reason why there are none.</returns>
    public async ValueTask<Step<FetchedImage>> RunAsync(Candidate candidate, CancellationToken abort)
    {
        if (candidate.Local is { } local) { return Noted(LocalFiles, await TakeLocalAsync(candidate, local, live(), abort), TimeSpan.Zero); }
        if (!WebUrl.TryParse(candidate.Url, null, out WebUrl? url)) { return Dropped("", new DropOutcome(DropReason.BadUrl), TimeSpan.Zero); }

        (Step<FetchedImage> step, TimeSpan used) = candidate.Archived is { } archived
            ? (await TakeArchivedAsync(candidate, url, archived, live(), abort), TimeSpan.Zero)
            : await FetchAsync(candidate, url, abort);
        return Noted(url.Host, step, used);
    }

    private Step<FetchedImage> Noted(string host, Step<FetchedImage> step, TimeSpan used)
    {
        if (step.Row is not { } fetched) { return Dropped(host, step.Drop, used); }

        statistics.NoteFetched(host, fetched.Body.Length, used);
        metrics.NoteFetched(fetched.Body.Length, used);
        return step;
    }

    // Again after an outage of our own network, which says nothing about the host.
    private async ValueTask<(Step<FetchedImage> Step, TimeSpan Used)> FetchAsync(Candidate candidate, WebUrl url, CancellationToken abort)
    {
        await network.EnterAsync(url.Host, abort);
        try
        {
            for (bool isFirst = true; ; isFirst = false)
            {
                DownloadOptions options = live();
                long began = clock.GetTimestamp();
                using var deadline = new FetchDeadline(options.Timeout, clock, abort);
                (Step<FetchedImage> step, bool isNameMissing) = await FollowAsync(candidate, url, options, deadline);
                if (step.Row is not null || isNameMissing || !RetryRules.MayBeOutage(step.Drop.Reason)) { return (step, deadline.Used); }
                if (!await network.IsVoidAsync(new DnsEndPoint(url.Host, url.Port), began, isFirst, abort)) { return (step, deadline.Used); }
            }
        }
        finally
        {
            network.Leave(url.Host);
        }
    }

    /// <returns>The end, and whether a name without addresses caused it.</returns>
    private async ValueTask<(Step<FetchedImage> Step, bool IsNameMissing)> FollowAsync(Candidate candidate, WebUrl url, DownloadOptions options,
        FetchDeadline deadline)
    {
        OptOutJudge optOuts = optOutsOf(options);
        OptOutFindings objections = default;
        string? tdmPolicy = null;
        FetchPlan plan = FetchPlan.ForPictures(options, optOuts) with { Cookies = withCookies ? new ChainCookies(clock) : null };
        int redirects = 0;
        int attempts = 0;
        DropOutcome last = default;
        if (candidate.Url != url.Href && blocked.BlocksUrl(candidate.Url)) { return (DropReason.HashBlocked, false); }
        while (true)
        {
            OriginOutcome outcome = await AskOriginAsync(url, optOuts, deadline.Abort);
            if (outcome.Forbidden.Reason != DropReason.None) { return (outcome.Forbidden, false); }

            plan = plan with { IsReserved = outcome.IsReserved };
            FetchResult result = await fetcher.FetchAsync(url, plan, options, deadline);
            objections = objections.And(outcome.Objections).And(result.Objections);
            tdmPolicy = result.TdmPolicy ?? outcome.TdmPolicy ?? tdmPolicy;
            if (result.Body is { } body) { return (Accept(candidate, new Found(url.Href, tdmPolicy, objections), body, options, optOuts), false); }

            if (result.Location is { } location)
            {
                if (++redirects > options.MaxRedirects) { return (DropReason.TooManyRedirects, false); }
                if (!WebUrl.TryParse(location, url, out WebUrl? next)) { return (DropReason.BadUrl, false); }
                url = next;
                statistics.NoteRedirect();
                continue;
            }

            // The host's own answer is a better reason than the lack of time for another attempt, and a partial answer is better than none.
            bool isRefusal = result.Outcome.Reason is DropReason.HostBusy or DropReason.HostDown;
            if (isRefusal && last.Reason != DropReason.None) { return (last, result.IsNameMissing); }
            bool cameFurther = last.Reason == DropReason.IncompleteBody && result.Outcome.Reason == DropReason.ConnectFailed;
            if (!cameFurther) { last = result.Outcome; }
            plan = plan with { DedicatedConnection = result.MayBeSharedConnection }; // a host that only speaks HTTP/2 still gets HTTP/2
            if (!(RetryRules.IsTransient(last) || result.MayBeSharedConnection) || attempts >= options.Retries) { return (last, result.IsNameMissing); }
            if (!await deadline.TrySleepAsync(RetryRules.Delay(attempts++, options.RetryDelay, jitter.NextDouble()))) { return (last, result.IsNameMissing); }
            statistics.NoteRetry();
        }
    }

    private async ValueTask<OriginOutcome> AskOriginAsync(WebUrl url, OptOutJudge optOuts, CancellationToken abort)
    {
        if (blocked.BlocksUrl(url.Href)) { return new OriginOutcome(new DropOutcome(DropReason.HashBlocked)); }
        if (!optOuts.Policy.AsksRobots && !optOuts.Policy.AsksTdmFile) { return default; }

        // Fetching the files has its own deadline and serves every row of its host: it does not count towards this row's time.
        using WorkWait wait = StageWork.Wait();
        return await origins.AskAsync(url, optOuts, abort);
    }

    private Step<FetchedImage> Accept(
        Candidate candidate, Found found, PooledBody body, DownloadOptions options, OptOutJudge optOuts)
    {
        var digests = new BodyDigests(body.Memory);
        DropReason reason = body.Length < options.MinBytes ? DropReason.TooSmallBytes
            : blocked.BlocksBytes(digests) ? DropReason.HashBlocked
            : candidate.ExpectedDigest is { } expected && !ExpectedDigest.Matches(expected, digests) ? DropReason.HashMismatch : DropReason.None;
        if (reason == DropReason.None)
        {
            optOuts.Note(found.Objections); // none of them is obeyed
            return new FetchedImage(candidate, new FetchFacts(found.Url, clock.GetUtcNow()) { TdmPolicy = found.TdmPolicy }, body) { Digests = digests };
        }

        body.Dispose();
        return reason;
    }

    // The input already contains the response: the rules on headers and bytes apply, and the network is not used.
    private async ValueTask<Step<FetchedImage>> TakeArchivedAsync(
        Candidate candidate, WebUrl url, ReadOnlyMemory<byte> archived, DownloadOptions options, CancellationToken abort)
    {
        OptOutJudge optOuts = optOutsOf(options);
        OptOutFindings objections = OptOutHeaders.Find(candidate.ArchivedHeaders, optOuts.Agent, OptOutHeaders.DefaultWords);
        if (optOuts.Decide(objections) is > OptOutSignal.None and { } signal) { return signal.Outcome(); }
        if (archived.Length > options.MaxBytes) { return DropReason.TooLarge; }
        if (blocked.BlocksUrl(candidate.Url) || blocked.BlocksUrl(url.Href)) { return DropReason.HashBlocked; }

        ByteLease lease = await bodies.ReserveAsync(archived.Length, abort);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(archived.Length);
        archived.CopyTo(buffer);
        string? policy = candidate.ArchivedHeaders.FirstOrDefault(header => header.Name.Equals(OptOutHeaderNames.TdmPolicy, StringComparison.OrdinalIgnoreCase)).Value;
        return Accept(candidate, new Found(url.Href, policy, objections), new PooledBody(buffer, archived.Length, lease), options, optOuts);
    }

    // The picture is on this machine: the rules on addresses and bytes apply, and the network is not used.
    private async ValueTask<Step<FetchedImage>> TakeLocalAsync(Candidate candidate, LocalPicture picture, DownloadOptions options, CancellationToken abort)
    {
        if (blocked.BlocksUrl(candidate.Url)) { return DropReason.HashBlocked; }

        Step<PooledBody> read = await LocalFile.ReadAsync(picture, options.MaxBytes, bodies, abort);
        return read.Row is { } body ? Accept(candidate, new Found(candidate.Url, null, default), body, options, optOutsOf(options)) : read.Drop;
    }

    private Step<FetchedImage> Dropped(string host, DropOutcome outcome, TimeSpan time)
    {
        statistics.NoteDropped(host, outcome);
        metrics.NoteDropped(outcome.Reason, time);
        return outcome;
    }

    /// <summary>What is known of a picture besides its bytes.</summary>
    /// <param name="Url">Its address after all redirects.</param>
    /// <param name="TdmPolicy">Address of its conditions; null when none is given.</param>
    /// <param name="Objections">Objections that are not obeyed.</param>
    private readonly record struct Found(string Url, string? TdmPolicy, OptOutFindings Objections);
}

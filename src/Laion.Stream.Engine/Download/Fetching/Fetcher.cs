using System.Net;
using System.Net.Http.Headers;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Codings;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Download.Network;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Handles;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Sends one request and reads its response, subject to the gate, the guard, the deadline and the memory budget. The caller handles redirects and retries.
/// </summary>
internal sealed class Fetcher(
    HttpMessageInvoker http, FlawedOrigins flawed, SocketDialer dialer, ConnectionTable connections, HandleWatch handles, HostGate gate, NetworkWatch network, ByteBudget bodies,
    DownloadStatistics statistics, TimeProvider clock)
{
    private const int MostRefusals = 2;

    /// <summary>Fetches one URL once.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="plan">What the fetch accepts.</param>
    /// <param name="options">The live options.</param>
    /// <param name="deadline">The URL's time limit; paused on entry and on return.</param>
    /// <exception cref="OperationCanceledException">The run was aborted. Nothing that a host does throws.</exception>
    public async ValueTask<FetchResult> FetchAsync(WebUrl url, FetchPlan plan, DownloadOptions options, FetchDeadline deadline)
    {
        if (!PortRules.IsAllowed(url.Port, options.AllowedPorts)) { return FetchResult.Failed(DropReason.PortBlocked); }
        if (!TryTarget(url, out Uri? target)) { return FetchResult.Failed(DropReason.DnsFailed); }

        // The name is resolved first, so that a name without addresses never occupies a slot.
        DropReason refused = await ResolveAsync(url, deadline);
        if (refused != DropReason.None)
        {
            statistics.NoteRequestEnd(FailureRules.IsTrouble(refused, 0));
            return FetchResult.Failed(refused) with { IsNameMissing = refused == DropReason.DnsFailed && dialer.IsMissing(url.Host) };
        }

        HostPass pass = await gate.EnterAsync(HostKey(url), deadline.Abort);
        if (pass.Slot is not { } slot) { return FetchResult.Failed(pass.Refused); }

        HostOutcome outcome = HostOutcome.Unknown;
        ByteLease? lease = null;
        PooledBody? body = null;
        try
        {
            lease = await ReserveAsync(slot, BodySteps.First(bodies.Capacity, options.MostRequests, plan.MaxBytes), deadline);
            deadline.Run();
            FetchResult result;
            (result, outcome) = await SendAsync(target, url, plan, options, slot, lease, deadline);
            body = result.Body;
            statistics.NoteRequestEnd(FailureRules.IsTrouble(result.Outcome.Reason, result.Status));
            return result;
        }
        finally
        {
            deadline.Expect(Timeout.InfiniteTimeSpan);
            deadline.Pause();
            if (body is null) { lease?.Dispose(); }
            gate.Exit(slot, outcome);
        }
    }

    private async ValueTask<DropReason> ResolveAsync(WebUrl url, FetchDeadline deadline)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await ResolveOnceAsync(url, deadline);
            }
            catch (HandleShortageException e)
            {
                await WaitForHandlesAsync(e, attempt, deadline);
            }
        }
    }

    private async ValueTask<DropReason> ResolveOnceAsync(WebUrl url, FetchDeadline deadline)
    {
        ValueTask<(IPEndPoint[], DropReason)> finding = dialer.FindAsync(url.Host, url.Port, deadline.Token);
        if (finding.IsCompletedSuccessfully) { return finding.Result.Item2; }

        deadline.Run();
        try
        {
            return (await finding).Item2;
        }
        catch (OperationCanceledException) when (!deadline.Abort.IsCancellationRequested)
        {
            return DropReason.DnsFailed; // no resolver answered within the URL's whole time
        }
        finally
        {
            deadline.Pause();
        }
    }

    private async ValueTask<ByteLease> ReserveAsync(FetchSlot slot, long bytes, FetchDeadline deadline)
    {
        ValueTask<ByteLease> reserving = bodies.ReserveAsync(bytes, deadline.Abort);
        if (reserving.IsCompletedSuccessfully) { return reserving.Result; }

        gate.Pause(slot);
        try
        {
            return await reserving;
        }
        finally
        {
            gate.Resume(slot);
        }
    }

    // The row's time is paused.
    private Task WaitForHandlesAsync(Exception cause, int attempt, FetchDeadline deadline)
    {
        handles.NoteShortage(cause);
        connections.Relieve();
        return Task.Delay(HandleShortage.Wait(attempt, Random.Shared.NextDouble()), clock, deadline.Abort);
    }

    /// <summary>
    /// Sends the request, and sends it again if only our own limits prevented it from being sent, which is the fault of neither the host nor the row, or if the
    /// response's head or trailer needs repair.
    /// </summary>
    private async ValueTask<(FetchResult Result, HostOutcome Outcome)> SendAsync(
        Uri target, WebUrl url, FetchPlan plan, DownloadOptions options, FetchSlot slot, ByteLease lease, FetchDeadline deadline)
    {
        statistics.NoteRequest();
        string origin = url.Origin.ToString();
        int refused = 0;
        for (int attempt = 0; ; attempt++)
        {
            ConnectionLease use = connections.Enter(origin, isExclusive: plan.DedicatedConnection || target.Scheme == Uri.UriSchemeHttp);
            try
            {
                ConnectionLease.Current = use;
                return await SendOnceAsync(new FetchRequest(target, options.UserAgent, plan, use, plan.Cookies?.For(url)), url, plan, slot, lease, deadline,
                    mayRefuse: refused < MostRefusals);
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.InvalidResponse && refused++ < MostRefusals)
            {
                flawed.Add(origin); // a connection that was opened before is refused in its turn
            }
            catch (IdleClosedException)
            {
                continue; // that connection is no longer in the pool at the next attempt
            }
            catch (HandleShortageException e)
            {
                deadline.Pause();
                gate.Pause(slot);
                try
                {
                    await WaitForHandlesAsync(e, attempt, deadline);
                }
                finally
                {
                    gate.Resume(slot);
                }

                deadline.Run();
            }
            finally
            {
                use.End();
            }
        }
    }

    /// <exception cref="HttpRequestException">The response's head was refused, and <paramref name="mayRefuse"/> says that it is repaired then.</exception>
    /// <exception cref="IdleClosedException">The idle connection that was to carry the request had been closed by us.</exception>
    /// <exception cref="HandleShortageException">No handle or port was available for a connection.</exception>
    private async ValueTask<(FetchResult Result, HostOutcome Outcome)> SendOnceAsync(
        FetchRequest sent, WebUrl url, FetchPlan plan, FetchSlot slot, ByteLease lease, FetchDeadline deadline, bool mayRefuse)
    {
        using FetchRequest request = sent;
        Uri target = request.RequestUri!;
        HttpResponseMessage response;
        try
        {
            gate.Sent(slot);
            response = await http.SendAsync(request, deadline.Token);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.InvalidResponse && mayRefuse)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException && FailureRules.IsLocal(e))
        {
            if (HandleShortage.IsShortage(e)) { throw new HandleShortageException(e.GetBaseException().Message, e); }
            throw new IdleClosedException();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !deadline.Abort.IsCancellationRequested)
        {
            DropReason reason = e is OperationCanceledException && deadline.Token.IsCancellationRequested
                ? DropReason.Timeout : FailureRules.BeforeHeaders(e, request.Dialed is not null);
            FetchResult failed =
                FetchResult.Failed(reason) with { MayBeSharedConnection = IsShared(target, plan) && FailureRules.MayBeSharedConnection(e, reason) };
            return (failed, reason == DropReason.BlockedAddress || FailureRules.IsAnswer(e) ? HostOutcome.Unknown : HostOutcome.Failed);
        }

        using (response)
        {
            network.NoteAnswer();
            if (plan.Cookies is { } cookies && response.Headers.NonValidated.TryGetValues("Set-Cookie", out HeaderStringValues lines)) { cookies.Take(url, lines); }
            int status = (int)response.StatusCode;
            if (response.Version.Major == 1) { request.Lease.NoteExclusive(); }
            if (status is 429 or 503) { gate.BackOff(slot, ResponseRules.RetryAfter(response, clock.GetUtcNow())); }
            else { gate.Answered(slot); }

            FetchResult result = ResponseRules.Location(response) is { } location
                ? Redirected(response, location, plan)
                : await ReadAsync(response, plan, slot, lease, deadline, mayRefuse);
            return (result, status >= 500 ? HostOutcome.Failed : HostOutcome.Answered);
        }
    }

    /// <summary>An opt-out header on a redirect applies to the redirect's target.</summary>
    private static FetchResult Redirected(HttpResponseMessage response, string location, FetchPlan plan)
    {
        int status = (int)response.StatusCode;
        OptOutFindings objections = ResponseRules.Objections(response, plan);
        return plan.OptOuts?.Decide(objections) is > OptOutSignal.None and { } signal
            ? new FetchResult(null, null, signal.Outcome(), status)
            : new FetchResult(null, location, default, status) { Objections = objections, TdmPolicy = ResponseRules.TdmPolicy(response) };
    }

    /// <exception cref="HttpRequestException">The trailer may be flawed, and <paramref name="mayRefuse"/> says that it is removed then.</exception>
    private async ValueTask<FetchResult> ReadAsync(HttpResponseMessage response, FetchPlan plan, FetchSlot slot, ByteLease lease, FetchDeadline deadline, bool mayRefuse)
    {
        int status = (int)response.StatusCode;
        BodyFraming framing = BodyFraming.Of(response);
        OptOutFindings objections = ResponseRules.Objections(response, plan);
        DropOutcome outcome = ResponseRules.Reject(response, framing, plan, objections);
        TimeSpan? freshness = plan.Truncates ? ResponseRules.Freshness(response) : null; // of files that are cached
        if (outcome.Reason != DropReason.None) { return new FetchResult(null, null, outcome, status) { Freshness = freshness }; }
        if (plan.HeadersOnly) { return new FetchResult(null, null, default, status) { Objections = objections }; }

        using var reader = new BodyReader(lease, deadline, gate, slot, network);
        try
        {
            PooledBody? body = await ReadAsync(reader, response, framing, plan, deadline.Token);
            return body is null
                ? FetchResult.Failed(DropReason.TooLarge, status)
                : new FetchResult(body, null, default, status) { Objections = objections, Freshness = freshness, TdmPolicy = ResponseRules.TdmPolicy(response) };
        }
        catch (OperationCanceledException) when (!deadline.Abort.IsCancellationRequested)
        {
            return FetchResult.Failed(deadline.Left <= TimeSpan.Zero ? DropReason.Timeout : DropReason.TooSlow, status);
        }
        catch (BodyTooLargeException)
        {
            return FetchResult.Failed(DropReason.TooLarge, status);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && FailureRules.IsClosedByUs(e))
        {
            throw new IdleClosedException();
        }
        catch (Exception e) when (mayRefuse && response.Version.Major == 1 && FailureRules.IsInvalidResponse(e))
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, e.Message, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || ContentCodings.IsDamage(e))
        {
            // Truncated, longer than announced, not valid compressed data, or with an endless trailer.
            return FetchResult.Failed(FailureRules.InBody(e), status) with { MayBeSharedConnection = response.Version.Major > 1 };
        }
    }

    private static async ValueTask<PooledBody?> ReadAsync(BodyReader reader, HttpResponseMessage response, BodyFraming framing, FetchPlan plan,
        CancellationToken abort)
    {
        Stream wire = await response.Content.ReadAsStreamAsync(abort);
        LengthStream? counted = framing.Length is { } length ? new LengthStream(wire, length, isExact: response.Version.Major > 1) : null;
        Stream coded = counted ?? wire;
        if (framing.Codings.Count == 0) { return await reader.ReadAsync(coded, framing.Length, plan); }

        await using Stream decoded = ContentCodings.TakeOff(coded, framing.Codings, plan.MaxCodedBytes);
        PooledBody? body = await reader.ReadAsync(decoded, null, plan);
        if (body is null || counted is null || (plan.Truncates && body.Length == plan.MaxBytes)) { return body; }

        // A decoder stops at the end of its data. Draining the rest shows whether the body ends there too.
        bool isWhole = false;
        try
        {
            isWhole = await counted.DrainAsync(plan.MaxBytes, abort);
        }
        finally
        {
            if (!isWhole) { body.Dispose(); }
        }

        return isWhole ? body : null;
    }

    // The HTTP version that TLS negotiated is not known before there is an answer.
    private static bool IsShared(Uri target, FetchPlan plan) => !plan.DedicatedConnection && target.Scheme == Uri.UriSchemeHttps;

    /// <summary>Limits apply per host and port: a dead port says nothing about other ports of the host.</summary>
    private static string HostKey(WebUrl url) =>
        url.IsDefaultPort && url.Port == 443 ? url.Host + ":443" : url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}";

    // The URL is already normalised by the WHATWG rules; the platform's own canonicalisation would change the request's target.
    private static bool TryTarget(WebUrl url, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? target) =>
        Uri.TryCreate(url.Href, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out target);
}

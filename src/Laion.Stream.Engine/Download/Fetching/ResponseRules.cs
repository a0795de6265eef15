using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Codings;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Interprets a response's status and headers, before its body is read.</summary>
internal static class ResponseRules
{
    /// <summary>The target of a redirect as sent; null for any other response, and for a redirect without a target.</summary>
    public static string? Location(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values)
            ? First(values) : null;

    /// <summary>Why the body is rejected; <see cref="DropReason.None"/> when it is accepted.</summary>
    /// <param name="response">The response; its headers have been read, its body has not.</param>
    /// <param name="framing">The body's framing according to the headers.</param>
    /// <param name="plan">What is accepted.</param>
    /// <param name="objections">What the headers object to.</param>
    public static DropOutcome Reject(HttpResponseMessage response, in BodyFraming framing, FetchPlan plan, OptOutFindings objections)
    {
        if (response.StatusCode != HttpStatusCode.OK) { return new DropOutcome(DropReason.HttpStatus, (int)response.StatusCode); }
        if (plan.OptOuts?.Decide(objections) is > OptOutSignal.None and { } signal) { return signal.Outcome(); }
        if (framing.IsBroken || framing.Codings.Count > ContentCodings.Most) { return new DropOutcome(DropReason.IncompleteBody); }
        if (framing.Codings.Count > 0) { return default; } // the length counts coded bytes: the decoded size is only known after reading

        if (framing.Length > plan.MaxBytes && !plan.Truncates) { return new DropOutcome(DropReason.TooLarge); }
        return framing.Length < plan.MinBytes ? new DropOutcome(DropReason.TooSmallBytes) : default;
    }

    /// <summary>The value of <c>Retry-After</c>, given in seconds or as a date; null when it is missing or malformed.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values) || First(values) is not { } text) { return null; }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)) { return TimeSpan.FromSeconds(seconds); }
        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? date - now
            : null;
    }

    /// <summary>How long the answer is fresh for a shared cache, less its age; null where its server says nothing.</summary>
    public static TimeSpan? Freshness(HttpResponseMessage response)
    {
        if (response.Headers.CacheControl is not { } control) { return null; }
        if (control.NoStore || control.NoCache) { return TimeSpan.Zero; }
        return (control.SharedMaxAge ?? control.MaxAge) - (response.Headers.Age ?? TimeSpan.Zero);
    }

    /// <summary>Address of the conditions in <c>tdm-policy</c>; null when there is none.</summary>
    public static string? TdmPolicy(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(OptOutHeaderNames.TdmPolicy, out HeaderStringValues values) ? First(values)?.Trim() : null;

    /// <summary>What the headers object to: the use of the body, or of the redirect's target.</summary>
    /// <param name="response">The response; its headers have been read.</param>
    /// <param name="plan">Holds our agent name, to which headers may refer.</param>
    public static OptOutFindings Objections(HttpResponseMessage response, FetchPlan plan)
    {
        HttpHeadersNonValidated headers = response.Headers.NonValidated;
        return plan.OptOuts is { } judge && (plan.IsReserved || OptOutHeaderNames.All.Any(headers.Contains))
            ? OptOutHeaders.Find(OptOutHeaderNames.All.SelectMany(name => Values(headers, name)), judge.Agent, OptOutHeaders.DefaultWords, plan.IsReserved)
            : default;
    }

    private static IEnumerable<(string Name, string Value)> Values(HttpHeadersNonValidated headers, string name) =>
        headers.TryGetValues(name, out HeaderStringValues values) ? values.Select(value => (name, value)) : [];

    private static string? First(HeaderStringValues values)
    {
        foreach (string value in values) { return value; }
        return null;
    }
}

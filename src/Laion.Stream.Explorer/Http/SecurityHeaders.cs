using Microsoft.AspNetCore.Http;

namespace LaionStream.Explorer.Http;

/// <summary>Headers of every answer: captions and addresses of a dataset are hostile text, and the page must not be used by other sites.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets them.</summary>
    public static void Apply(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = IsShared(context) ? "cross-origin" : "same-origin";
        if (IsShared(context)) { ApplyShared(context, headers); }
    }

    /// <summary>Whether pages of other sites may call an address: those of clip-retrieval's contract, which its page calls from elsewhere.</summary>
    public static bool IsShared(HttpContext context) => context.Request.Path.Value
        is "/indices-list" or "/metadata" or "/knn-service" or "/metrics-summary" or "/config.json";

    private static void ApplyShared(HttpContext context, IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = "*";
        if (!HttpMethods.IsOptions(context.Request.Method)) { return; }
        headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        headers.AccessControlAllowHeaders = "content-type, x-api-key, authorization";
    }
}

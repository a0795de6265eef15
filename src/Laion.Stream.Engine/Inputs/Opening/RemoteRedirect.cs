using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Where the server of an input sends its reader instead. The platform's handler throws, or connects, for targets that are no web addresses.</summary>
internal static class RemoteRedirect
{
    /// <summary>Redirects in a row that are followed.</summary>
    public const int Most = 10;

    /// <summary>The target of a redirect; null when the answer is not a redirect, or names no target.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="from">The address that gave it.</param>
    /// <exception cref="InputRefusedException">The target is no http(s) address, or is less secure than the address.</exception>
    public static Uri? Target(HttpResponseMessage response, Uri from)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) { return null; }

        bool isWeb = Uri.TryCreate(from, location, out Uri? target) && (target.Scheme == Uri.UriSchemeHttp || target.Scheme == Uri.UriSchemeHttps)
            && target.Host.Length > 0;
        if (!isWeb) { throw new InputRefusedException($"Cannot read '{PublicLocation.Of(from)}': it redirects to something that is no http(s) address."); }
        return from.Scheme == Uri.UriSchemeHttps && target!.Scheme == Uri.UriSchemeHttp
            ? throw new InputRefusedException($"Cannot read '{PublicLocation.Of(from)}': it redirects from https to http.")
            : target;
    }
}

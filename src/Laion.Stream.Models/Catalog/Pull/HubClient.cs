using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using LaionStream.Text.Urls;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>
/// Requests files from a hub. It follows redirects itself: the digest is in the hub's own response (<c>X-Linked-Etag</c>, <c>X-Linked-Size</c>),
/// not in that of the store it redirects to (huggingface/huggingface_hub file_download.py).
/// </summary>
/// <param name="http">It must neither follow redirects nor decompress.</param>
internal sealed class HubClient(HttpClient http)
{
    private const int MostRedirects = 5;

    /// <summary>Requests digest and size.</summary>
    /// <exception cref="PullException">The server refuses, and a retry would not help.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached, or has a transient error.</exception>
    public async Task<HubFile> LookAsync(Uri address, CancellationToken abort)
    {
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, address);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, abort);
            FileDigest? linked = FileDigest.FromTag(Header(response, "X-Linked-Etag"));
            if (linked is not null)
            {
                return new HubFile(linked, long.TryParse(Header(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out long size)
                    ? size
                    : null);
            }

            if (Redirect(response, address) is { } next)
            {
                address = next;
                continue;
            }

            Check(response, address);
            return new HubFile(FileDigest.FromTag(Header(response, "ETag")), response.Content.Headers.ContentLength);
        }

        throw new PullException($"{PublicLocation.Of(address)} redirects more than {MostRedirects} times.");
    }

    /// <summary>
    /// Requests the bytes from an offset on. The caller disposes the response: 206 from the offset, 200 from the start, 416 when there are no more bytes.
    /// </summary>
    /// <exception cref="PullException">The server refuses, and a retry would not help.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached, or has a transient error.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, long from, CancellationToken abort)
    {
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (from > 0) { request.Headers.Range = new RangeHeaderValue(from, null); }

            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, abort);
            try
            {
                if (Redirect(response, address) is { } next)
                {
                    address = next;
                    response.Dispose();
                    continue;
                }

                if (response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable) { Check(response, address); }

                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }

        throw new PullException($"{PublicLocation.Of(address)} redirects more than {MostRedirects} times.");
    }

    private static Uri? Redirect(HttpResponseMessage response, Uri address)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) { return null; }

        if (!Uri.TryCreate(address, location, out Uri? next)) { throw new PullException($"{PublicLocation.Of(address)} redirects to something that is no address."); }
        return next.Scheme == Uri.UriSchemeHttps || next.Scheme == address.Scheme
            ? next
            : throw new PullException($"{PublicLocation.Of(address)} redirects to {next.Scheme}, which is less secure than the requested scheme.");
    }

    private static void Check(HttpResponseMessage response, Uri address)
    {
        int status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode) { return; }

        if (status is 408 or 429 or >= 500)
        {
            throw new HttpRequestException($"the server answers {status} {response.ReasonPhrase}", null, response.StatusCode);
        }

        throw new PullException(status switch
        {
            401 or 403 => $"{PublicLocation.Of(address)}: the server answers {status}; the file needs a login or an accepted licence. Download it with a browser and put it in its place.",
            404 => $"{PublicLocation.Of(address)}: the server answers 404; it does not exist, or no longer. A mirror or another list of models can be named with --base and --list.",
            _ => $"{PublicLocation.Of(address)}: the server answers {status} {response.ReasonPhrase}.",
        });
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}

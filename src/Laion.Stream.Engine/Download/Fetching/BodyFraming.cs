using System.Globalization;
using System.Net.Http.Headers;
using LaionStream.Engine.Codings;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>The framing of a body according to the response's header: its length on the wire and its codings.</summary>
/// <param name="IsBroken">
/// Whether the header contradicts itself, so that the end of the body is unknown (RFC 9112 6.3 (5): the response must be discarded).
/// </param>
/// <param name="Length">Bytes on the wire; null when the header has no length, <see cref="long.MaxValue"/> when the number is larger than that.</param>
/// <param name="Codings">Content codings in the order in which to remove them.</param>
internal readonly record struct BodyFraming(bool IsBroken, long? Length, IReadOnlyList<ContentCoding> Codings)
{
    private const string ContentLength = "Content-Length";
    private const string ContentEncoding = "Content-Encoding";

    /// <summary>Reads the header as it was sent: the handler's own view drops a length that it cannot parse, and takes the first of several.</summary>
    public static BodyFraming Of(HttpResponseMessage response)
    {
        IReadOnlyList<ContentCoding> codings = response.Content.Headers.NonValidated.TryGetValues(ContentEncoding, out HeaderStringValues encodings)
            ? ContentCodings.Parse(encodings) : [];

        // RFC 9112 6.3 (3): a transfer coding overrides the length. HTTP/2 has none (RFC 9113 8.2.2).
        if (response.Version.Major < 2 && response.Headers.TransferEncodingChunked == true) { return new BodyFraming(false, null, codings); }
        if (!response.Content.Headers.NonValidated.TryGetValues(ContentLength, out HeaderStringValues values))
        {
            return new BodyFraming(false, response.Content.Headers.ContentLength, codings);
        }

        return TryParse(values, out long length) ? new BodyFraming(false, length, codings) : new BodyFraming(true, null, codings);
    }

    // The same number, possibly repeated; digits only, as RFC 9110 8.6 requires.
    private static bool TryParse(HeaderStringValues values, out long length)
    {
        length = -1;
        foreach (string value in values)
        {
            foreach (Range part in value.AsSpan().Split(','))
            {
                ReadOnlySpan<char> number = value.AsSpan(part).Trim(" \t");
                if (number.IsEmpty || number.ContainsAnyExceptInRange('0', '9')) { return false; }
                if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed)) { parsed = long.MaxValue; }
                if (length >= 0 && parsed != length) { return false; }
                length = parsed;
            }
        }

        return length >= 0;
    }
}

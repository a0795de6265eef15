using System.Globalization;
using System.Net.Http.Headers;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>What a response's header says of its body: how long it is on the wire, and how it is coded.</summary>
/// <param name="IsBroken">Whether the header contradicts itself, so that nobody can tell where the body ends (RFC 9112 6.3 (5): the response is to be discarded).</param>
/// <param name="Length">Bytes on the wire; null where the header does not say, <see cref="long.MaxValue"/> where the number is larger than that.</param>
/// <param name="Codings">Content codings to take off, the first of them first.</param>
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

    // One number, however often it is said; digits only, as RFC 9110 8.6 has it.
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

using System.Globalization;
using LaionStream.Engine.Codings;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>
/// Removes the codings of an archived body. Archives often contain the headers as received together with a body that the crawler has already decoded. So a
/// coding that does not match the bytes is ignored, and of damaged coded data the part before the damage is used.
/// </summary>
internal static class BodyDecoder
{
    private const int MaxEmptyBytes = 32; // an empty body in any coding takes at most this many bytes

    /// <summary>Returns the body as a browser would read it.</summary>
    /// <param name="message">The response.</param>
    /// <param name="maxBytes">Maximum size of the result, in bytes; the rest is cut off.</param>
    public static byte[] Decode(HttpMessage message, int maxBytes)
    {
        byte[] body = message.Field("transfer-encoding"u8).Contains("chunked", StringComparison.OrdinalIgnoreCase) && TryUnchunk(message.Body, out byte[] whole)
            ? whole
            : message.Body.ToArray();
        IEnumerable<string> codings = message.Fields("Content-Encoding").Concat(message.Fields("Transfer-Encoding")).Select(field => field.Value);
        foreach (ContentCoding coding in ContentCodings.Parse(codings).Take(ContentCodings.Most))
        {
            body = Remove(coding, body, maxBytes);
        }

        // No picture or page begins like gzip: the header omits the coding.
        if (IsGzip(body))
        {
            body = Remove(ContentCoding.Gzip, body, maxBytes);
        }

        return body.Length > maxBytes ? body[..maxBytes] : body;
    }

    /// <summary>
    /// Joins chunks (RFC 9112, section 7.1); false if the body does not begin with a chunk. After a chunk of wrong size, the remaining bytes are appended
    /// unchanged.
    /// </summary>
    public static bool TryUnchunk(ReadOnlySpan<byte> body, out byte[] whole)
    {
        var output = new MemoryStream(body.Length);
        ReadOnlySpan<byte> rest = body;
        bool any = false;
        while (TryReadChunk(rest, out ReadOnlySpan<byte> chunk, out int read))
        {
            any = true;
            output.Write(chunk);
            rest = rest[read..];
            if (chunk.IsEmpty)
            {
                rest = default;
                break;
            }
        }

        if (any)
        {
            output.Write(rest);
        }

        whole = output.ToArray();
        return any;
    }

    private static bool TryReadChunk(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> chunk, out int read)
    {
        chunk = default;
        read = 0;
        int line = bytes.IndexOf((byte)'\n');
        if (line is < 1 or > 256)
        {
            return false;
        }

        ReadOnlySpan<byte> size = bytes[..line];
        int extension = size.IndexOf((byte)';');
        size = (extension < 0 ? size : size[..extension]).Trim(" \t\r"u8);
        if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int length) || length < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> data = bytes[(line + 1)..];
        if (length >= data.Length)
        {
            chunk = data; // truncated: use the bytes that there are
            read = bytes.Length;
            return true;
        }

        ReadOnlySpan<byte> after = data[length..];
        if (length > 0 && after[0] is not ((byte)'\r' or (byte)'\n'))
        {
            return false;
        }

        chunk = data[..length];
        read = bytes.Length - after.TrimStart("\r\n"u8).Length;
        return true;
    }

    private static bool IsGzip(ReadOnlySpan<byte> body) => body.StartsWith<byte>([0x1f, 0x8b, 0x08]);

    private static byte[] Remove(ContentCoding coding, byte[] body, int maxBytes)
    {
        if (coding == ContentCoding.Gzip && !IsGzip(body)) { return body; }
        var output = new MemoryStream();
        try
        {
            using Stream stream = ContentCodings.Open(coding, new MemoryStream(body, writable: false));
            byte[] buffer = new byte[16384];
            for (int read; output.Length < maxBytes && (read = stream.Read(buffer)) > 0;)
            {
                output.Write(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is IOException || ContentCodings.IsDamage(e))
        {
            // The coded data is truncated or not coded at all: BrotliStream reports the latter as InvalidOperationException, and zlib reports a missing
            // dictionary as IOException. The source is in memory, so these are never errors of a file.
            return output.Length > 0 && !LooksLikeText(body) ? output.ToArray() : body;
        }

        return output.Length > 0 || (body.Length <= MaxEmptyBytes && !LooksLikeText(body)) ? output.ToArray() : body;
    }

    private static bool LooksLikeText(ReadOnlySpan<byte> body) =>
        !body[..Math.Min(body.Length, 512)].ContainsAnyInRange((byte)0, (byte)8);
}

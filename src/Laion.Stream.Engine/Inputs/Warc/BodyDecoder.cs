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
        catch (Exception e) when (IsDamage(e))
        {
            // The coded data is truncated or not coded at all. The source is in memory, so these are never errors of a file.
            ReadBeforeDamage(coding, body, output);
            return output.Length > 0 && !LooksLikeText(body) ? output.ToArray() : body;
        }

        return output.Length > 0 || (body.Length <= MaxEmptyBytes && !LooksLikeText(body)) ? output.ToArray() : body;
    }

    /// <summary>BrotliStream reports what is not coded as InvalidOperationException, and zlib a missing dictionary as IOException.</summary>
    private static bool IsDamage(Exception e) => e is IOException || ContentCodings.IsDamage(e);

    /// <summary>
    /// Appends the last bytes before the damage. A read that meets it gives none of the bytes that it has decoded before; a wrong checksum behind a short page
    /// would take the whole page. Of a checksum's page only the last byte is lost, with which zlib reports it.
    /// </summary>
    private static void ReadBeforeDamage(ContentCoding coding, byte[] body, MemoryStream output)
    {
        try
        {
            using Stream stream = ContentCodings.Open(coding, new MemoryStream(body, writable: false));
            byte[] buffer = new byte[16384];
            for (long left = output.Length; left > 0;)
            {
                int read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0) { return; }
                left -= read;
            }

            for (int i = 0; i < buffer.Length && stream.Read(buffer, 0, 1) == 1; i++) { output.WriteByte(buffer[0]); }
        }
        catch (Exception e) when (IsDamage(e))
        {
            // The damage is reached: what was before it is in the output.
        }
    }

    private static bool LooksLikeText(ReadOnlySpan<byte> body) =>
        !body[..Math.Min(body.Length, 512)].ContainsAnyInRange((byte)0, (byte)8);
}

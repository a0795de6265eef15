using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LaionStream.Demo;

/// <summary>
/// Writes WAT files in Common Crawl's format of 2023 and 2024: a warcinfo, then for each page the metadata of its request, its response
/// and the crawler's notes, each record in its own gzip member. The same pages always give the same bytes.
/// </summary>
public static class WatWriter
{
    private const string WatDate = "2024-05-31T01:17:49Z";
    private const string CaptureDate = "2024-05-18T01:58:10Z";
    private const string WarcName = "CC-MAIN-20240517233122-20240518023122-00000.warc.gz";
    private const string EmptyDigest = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ";

    private static readonly JsonWriterOptions AsCommonCrawl = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one file; leaves the stream open.</summary>
    /// <param name="output">Receives gzip.</param>
    /// <param name="pages">The pages, in order.</param>
    public static void Write(Stream output, IEnumerable<WatPage> pages)
    {
        string info = RecordId(0);
        byte[] about = Encoding.UTF8.GetBytes(
            "Software-Info: laion-stream-demo\r\nExtracted-Date: Fri, 31 May 2024 01:16:45 GMT\r\nformat: WARC File Format 1.0\r\n\r\n");
        WriteMember(output, $"WARC-Type: warcinfo\r\nWARC-Date: {WatDate}\r\nWARC-Filename: {WarcName.Replace(".warc.gz", ".warc.wat.gz", StringComparison.Ordinal)}\r\nWARC-Record-ID: {info}\r\nContent-Type: application/warc-fields\r\nContent-Length: {about.Length}\r\n", about);

        var json = new ArrayBufferWriter<byte>();
        int page = 0;
        foreach (WatPage p in pages)
        {
            string request = RecordId(++page * 3L);
            string response = RecordId(page * 3L + 1);
            string notes = RecordId(page * 3L + 2);
            WriteMetadata(output, json, p, request, j => WriteEnvelope(j, p, "request", request, "application/http; msgtype=request", WriteRequest));
            WriteMetadata(output, json, p, response, j => WriteEnvelope(j, p, "response", response, "application/http; msgtype=response", WriteResponse));
            WriteMetadata(output, json, p, notes, j => WriteEnvelope(j, p, "metadata", notes, "application/metadata-fields", WriteNotes));
        }
    }

    /// <summary>Writes one record as a gzip member.</summary>
    /// <param name="output">Receives the member.</param>
    /// <param name="header">Header lines after the version line, each terminated by CRLF.</param>
    /// <param name="block">The record's block.</param>
    public static void WriteMember(Stream output, string header, ReadOnlySpan<byte> block)
    {
        using var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        gzip.Write(Encoding.UTF8.GetBytes($"WARC/1.0\r\n{header}\r\n"));
        gzip.Write(block);
        gzip.Write("\r\n\r\n"u8);
    }

    private static void WriteMetadata(Stream output, ArrayBufferWriter<byte> buffer, WatPage page, string refersTo, Action<Utf8JsonWriter> write)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, AsCommonCrawl))
        {
            write(json);
        }

        string digest = Digest(buffer.WrittenSpan);
        string id = RecordId(BitConverter.ToInt64(SHA256.HashData(buffer.WrittenSpan)) & long.MaxValue);
        WriteMember(
            output,
            $"WARC-Type: metadata\r\nWARC-Target-URI: {page.Address.OriginalString}\r\nWARC-Date: {WatDate}\r\nWARC-Record-ID: {id}\r\nWARC-Refers-To: {refersTo}\r\nContent-Type: application/json\r\nContent-Length: {buffer.WrittenCount}\r\nWARC-Payload-Digest: {digest}\r\nWARC-Block-Digest: {digest}\r\n",
            buffer.WrittenSpan);
    }

    private static void WriteEnvelope(Utf8JsonWriter json, WatPage page, string type, string id, string contentType,
        Action<Utf8JsonWriter, WatPage> writePayload)
    {
        json.WriteStartObject();
        json.WriteStartObject("Container");
        json.WriteString("Filename", WarcName);
        json.WriteBoolean("Compressed", true);
        json.WriteString("Offset", "80610308");
        json.WriteStartObject("Gzip-Metadata");
        json.WriteString("Deflate-Length", "423");
        json.WriteString("Header-Length", "10");
        json.WriteString("Footer-Length", "8");
        json.WriteString("Inflated-CRC", "1106529533");
        json.WriteString("Inflated-Length", "626");
        json.WriteEndObject();
        json.WriteEndObject();

        json.WriteStartObject("Envelope");
        json.WriteStartObject("Payload-Metadata");
        json.WriteString("Actual-Content-Type", contentType);
        writePayload(json, page);
        json.WriteString("Actual-Content-Length", "265");
        json.WriteString("Trailing-Slop-Length", "4");
        json.WriteString("Block-Digest", EmptyDigest);
        json.WriteEndObject();
        json.WriteString("Format", "WARC/1.0");
        json.WriteString("WARC-Header-Length", "357");
        json.WriteStartObject("WARC-Header-Metadata");
        json.WriteString("WARC-Type", type);
        json.WriteString("WARC-Date", CaptureDate);
        json.WriteString("WARC-Record-ID", id);
        json.WriteString("Content-Length", "265");
        json.WriteString("Content-Type", type == "metadata" ? "application/warc-fields" : contentType);
        json.WriteString("WARC-Target-URI", page.Address.OriginalString);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, WatPage page)
    {
        json.WriteStartObject("HTTP-Request-Metadata");
        json.WriteStartObject("Request-Message");
        json.WriteString("Method", "GET");
        json.WriteString("Path", page.Address.PathAndQuery);
        json.WriteString("Version", "HTTP/1.1");
        json.WriteEndObject();
        json.WriteStartObject("Headers");
        json.WriteString("Accept-Encoding", "br,gzip");
        json.WriteString("Host", page.Address.Authority);
        json.WriteEndObject();
        json.WriteString("Entity-Length", "0");
        json.WriteString("Entity-Digest", EmptyDigest);
        json.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter json, WatPage page)
    {
        json.WriteStartObject("HTTP-Response-Metadata");
        json.WriteStartObject("Response-Message");
        json.WriteString("Status", "200");
        json.WriteString("Version", "HTTP/1.1");
        json.WriteString("Reason", "OK");
        json.WriteEndObject();
        json.WriteStartObject("Headers");
        json.WriteString("Content-Type", "text/html; charset=UTF-8");
        json.WriteString("Connection", "keep-alive");
        json.WriteEndObject();
        json.WriteStartObject("HTML-Metadata");
        WriteHead(json, page);
        json.WriteStartArray("Links");
        foreach (WatLink link in page.Links)
        {
            json.WriteStartObject();
            json.WriteString("path", link.Path);
            WriteIfThere(json, "url", link.Url);
            WriteIfThere(json, "alt", link.Alt);
            WriteIfThere(json, "text", link.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("Entity-Length", "4096");
        json.WriteString("Entity-Digest", EmptyDigest);
        json.WriteString("Entity-Trailing-Slop-Length", "0");
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, WatPage page)
    {
        json.WriteStartObject("Head");
        if (page.Metas is { Count: > 0 } metas)
        {
            json.WriteStartArray("Metas");
            foreach (WatMeta meta in metas)
            {
                json.WriteStartObject();
                json.WriteString("name", meta.Name);
                json.WriteString("content", meta.Content);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WriteIfThere(json, "Title", page.Title);
        WriteIfThere(json, "Base", page.Base);
        json.WriteEndObject();
    }

    private static void WriteNotes(Utf8JsonWriter json, WatPage page)
    {
        json.WriteStartObject("WARC-Metadata-Metadata");
        json.WriteStartArray("Metadata-Records");
        json.WriteStartObject();
        json.WriteString("Name", "fetchTimeMs");
        json.WriteString("Value", (page.Links.Count % 1000).ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("Name", "charset-detected");
        json.WriteString("Value", "UTF-8");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIfThere(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string RecordId(long number) => $"<urn:uuid:{new Guid(0, 0, 0x4000, [0x80, .. BitConverter.GetBytes(number)[..7]])}>";

    private static string Digest(ReadOnlySpan<byte> bytes)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // base 32 as WARC writes SHA-1
        byte[] hash = SHA1.HashData(bytes);
        var text = new StringBuilder("sha1:");
        for (int bit = 0; bit < hash.Length * 8; bit += 5)
        {
            int pair = (hash[bit / 8] << 8) | (bit / 8 + 1 < hash.Length ? hash[bit / 8 + 1] : 0);
            text.Append(Alphabet[(pair >> (11 - bit % 8)) & 31]);
        }

        return text.ToString();
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LaionStream.Explorer.Http;

/// <summary>
/// The body of a request, read whole whatever its type: clip-retrieval's client sends JSON without saying so, its page as text. Dispose it when the request has
/// been answered: until then a large one counts.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 64 << 10;

    /// <summary>Bodies beyond the first bytes that are there at once: two thousand senders of the largest body would fill the memory.</summary>
    private static readonly SemaphoreSlim Large = new(16, 16);

    private bool _isLarge;

    private RequestBody(ReadOnlyMemory<byte> bytes, bool isLarge) => (Bytes, _isLarge) = (bytes, isLarge);

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="most">Most bytes.</param>
    /// <param name="abort">Ends the wait for a slow sender.</param>
    /// <exception cref="ApiException">It is larger.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, long most, CancellationToken abort)
    {
        if (request.ContentLength > most) { throw TooLarge(most); }
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) { limit.MaxRequestBodySize = most; }

        // Grows with what has arrived, not with what was announced: an announcement costs its sender nothing.
        byte[] buffer = new byte[Math.Min(request.ContentLength ?? FirstBytes, FirstBytes) + 1];
        (int length, bool isLarge) = (0, false);
        try
        {
            for (int read; (read = await ReadSomeAsync(request.Body, buffer.AsMemory(length), abort)) > 0;)
            {
                length += read;
                if (length > most) { throw TooLarge(most); }
                if (length < buffer.Length) { continue; }
                if (!isLarge) { await Large.WaitAsync(abort); }
                isLarge = true;
                Array.Resize(ref buffer, (int)Math.Min(most + 1, buffer.Length * 2L));
            }

            return new RequestBody(buffer.AsMemory(0, length), isLarge);
        }
        catch
        {
            if (isLarge) { Large.Release(); }
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isLarge) { return; }
        _isLarge = false;
        Large.Release();
    }

    /// <summary>Reads the body of a request as JSON.</summary>
    /// <exception cref="ApiException">It is not what the type describes; the message and the field say why.</exception>
    public static T Parse<T>(HttpContext context, JsonTypeInfo<T> type) where T : class
    {
        ReadOnlyMemory<byte> bytes = context.Features.Get<RequestBody>()?.Bytes ?? default;
        if (bytes.IsEmpty) { throw ApiException.Bad("The body is empty; a JSON object is wanted."); }
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type) ?? throw ApiException.Bad("The body is null; a JSON object is wanted.");
        }
        catch (JsonException e)
        {
            string? field = e.Path is { Length: > 2 } path ? path[2..] : null;
            throw ApiException.Bad(MessageOf(e), field);
        }
    }

    /// <summary>A body of broken framing, such as a chunk of 2^64 bytes, is the sender's mistake, whatever the server's reader throws on it.</summary>
    private static async ValueTask<int> ReadSomeAsync(Stream body, Memory<byte> to, CancellationToken abort)
    {
        try
        {
            return await body.ReadAsync(to, abort);
        }
        catch (Exception e) when (e is not (OperationCanceledException or BadHttpRequestException or OutOfMemoryException))
        {
            throw ApiException.Bad("The browser (or proxy) sent a request that this server could not understand.");
        }
    }

    private static ApiException TooLarge(long most) => new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {most} bytes.");

    // The runtime's text names our types and ends with the path, which the field names.
    private static string MessageOf(JsonException e) => e.Message.Contains("could not be mapped", StringComparison.Ordinal)
        ? "There is no such field."
        : e.Message.Contains("depth", StringComparison.OrdinalIgnoreCase) ? "The JSON is nested too deeply."
        : e.Message.Contains("could not be converted", StringComparison.Ordinal) ? "The value has the wrong type."
        : "The body is not valid JSON.";
}

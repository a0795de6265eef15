using LaionStream.Explorer.Data;

namespace LaionStream.Explorer.Tests;

/// <summary>
/// Abilities whose results follow from what is asked: a text or picture of <c>40</c> points 40 degrees from the first axis; the picture of an address is its last
/// segment.
/// </summary>
internal sealed class FakeAbilities : IQueryModels, IPictureFetch, IThumbnailMaker
{
    public int Width => 4;

    /// <summary>How many pictures were fetched.</summary>
    public int Fetched { get; private set; }

    public ExplorerAbilities All => new(this, this, this);

    public ValueTask<float[]> TextAsync(string text, CancellationToken abort) => ValueTask.FromResult(ServedOutput.Degrees(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));

    public ValueTask<float[]> PictureAsync(ReadOnlyMemory<byte> file, CancellationToken abort) =>
        int.TryParse(System.Text.Encoding.UTF8.GetString(file.Span), out int degrees)
            ? ValueTask.FromResult(ServedOutput.Degrees(degrees))
            : throw new InvalidDataException("not_an_image");

    public Task<(byte[]? Bytes, string? Reason)> FetchAsync(string url, CancellationToken abort)
    {
        Fetched++;
        return Task.FromResult<(byte[]?, string?)>(url.Contains("127.0.0.1", StringComparison.Ordinal)
            ? (null, "blocked_address")
            : (System.Text.Encoding.UTF8.GetBytes(url[(url.LastIndexOf('/') + 1)..]), null));
    }

    public ValueTask<byte[]> MakeAsync(ReadOnlyMemory<byte> file, int side, CancellationToken abort) => file.Span.StartsWith("bad"u8)
        ? throw new InvalidDataException("not_an_image")
        : ValueTask.FromResult<byte[]>([.. file.Span, .. System.Text.Encoding.UTF8.GetBytes($" at {side}")]);
}

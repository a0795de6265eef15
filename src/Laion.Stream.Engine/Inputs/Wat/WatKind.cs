using LaionStream.Engine.Inputs.Records;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>Common Crawl metadata. Samples of it are often named <c>.warc</c>.</summary>
internal sealed class WatKind(WatReader reader) : IInputKind
{
    /// <summary>How its files are recognised.</summary>
    public static InputSignature Signature { get; } = new("wat", [".wat", ".warc"], HoldsMetadata);

    /// <inheritdoc/>
    public ICandidateReader Reader => reader;

    /// <summary>Whether the first records contain Common Crawl's JSON envelopes.</summary>
    private static bool HoldsMetadata(ReadOnlySpan<byte> head) =>
        head.StartsWith("WARC/"u8)
        && head.IndexOf("\nContent-Type: application/json"u8) >= 0
        && (head.IndexOf("{\"Envelope\""u8) >= 0 || head.IndexOf("{\"Container\""u8) >= 0);
}

using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Output;

/// <summary>The settings of <see cref="WritingOptions"/> that every part of an output must share: which files there are beside the rows.</summary>
internal static class WritingFingerprint
{
    /// <summary>Lists them. A value that does nothing in this run is left out, or stored as an unset one: it may change.</summary>
    public static IReadOnlyList<FingerprintEntry> Of(WritingOptions options) =>
    [
        new("Writing:Embeddings", options.Embeddings == KeptVectors.None ? FingerprintEntry.None : options.Embeddings.ToString(), FingerprintEntry.None),
    ];
}

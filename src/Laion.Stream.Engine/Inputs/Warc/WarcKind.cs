using LaionStream.Engine.Inputs.Records;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>Archived pages.</summary>
internal sealed class WarcKind(WarcReader reader) : IInputKind
{
    /// <summary>How its files are recognised.</summary>
    public static InputSignature Signature { get; } = new("warc", [".warc"], head => head.StartsWith("WARC/"u8));

    /// <inheritdoc/>
    public ICandidateReader Reader => reader;
}

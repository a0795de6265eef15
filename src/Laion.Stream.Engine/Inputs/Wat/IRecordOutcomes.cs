using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>Applies one set of rules to a record's links; one instance per open file.</summary>
internal interface IRecordOutcomes
{
    /// <summary>The outcomes of the links of the last record.</summary>
    PageLinks Links { get; }

    /// <summary>Reads a record; false when its JSON is malformed. Then no link counts, because an unreadable page may have opted out.</summary>
    /// <param name="json">The record's block.</param>
    /// <param name="recordUri">Target URI in the record's own header, for JSON without one.</param>
    bool TryRead(ReadOnlySpan<byte> json, ReadOnlySpan<byte> recordUri);
}

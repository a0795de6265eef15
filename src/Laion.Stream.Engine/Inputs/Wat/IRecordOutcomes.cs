using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>Makes outcomes on a record's links by one set of rules; one instance per open file.</summary>
internal interface IRecordOutcomes
{
    /// <summary>The outcomes on the record read last.</summary>
    PageLinks Links { get; }

    /// <summary>Reads a record; false when its JSON is not what it must be, and then no link counts: a page that cannot be read cannot show that it has not opted out.</summary>
    /// <param name="json">The record's block.</param>
    /// <param name="recordUri">Target URI of the record's own header, for JSON that names none.</param>
    bool TryRead(ReadOnlySpan<byte> json, ReadOnlySpan<byte> recordUri);
}

namespace LaionStream.Engine.Inputs.Records;

/// <summary>Where a record stands in its file.</summary>
/// <param name="Member">Stored position to begin reading at: the compressed member's; in a plain file, the record's own.</param>
/// <param name="Offset">Decompressed bytes from there to the record.</param>
internal readonly record struct RecordPlace(long Member, long Offset);

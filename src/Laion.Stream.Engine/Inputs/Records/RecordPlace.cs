namespace LaionStream.Engine.Inputs.Records;

/// <summary>Position of a record in its file.</summary>
/// <param name="Member">Stored position to start reading at: that of the compressed member, or in a plain file that of the record.</param>
/// <param name="Offset">Decompressed bytes from there to the record.</param>
internal readonly record struct RecordPlace(long Member, long Offset);

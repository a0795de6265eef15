namespace LaionStream.Engine.Inputs.Records;

/// <summary>How a chunk of decompressed bytes relates to the bytes before it.</summary>
internal enum ChunkKind
{
    /// <summary>The bytes continue the same member.</summary>
    Continues,

    /// <summary>The bytes begin a member; the members before it are complete and their checksums match.</summary>
    BeginsMember,

    /// <summary>No bytes: everything since the last member began is damaged; the next bytes begin a later member.</summary>
    Damaged,

    /// <summary>No bytes: the file has ended, and its last member is complete.</summary>
    Ended,

    /// <summary>No bytes: the file ends inside a member.</summary>
    Cut,
}

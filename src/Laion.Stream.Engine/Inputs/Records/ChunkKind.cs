namespace LaionStream.Engine.Inputs.Records;

/// <summary>How a stretch of decompressed bytes continues what came before.</summary>
internal enum ChunkKind
{
    /// <summary>The bytes go on in the same member.</summary>
    Continues,

    /// <summary>The bytes begin a member; all that came before is whole and checked.</summary>
    BeginsMember,

    /// <summary>No bytes: what came since the last member began is damaged; the next bytes begin a later member.</summary>
    Damaged,

    /// <summary>No bytes: the file is at its end, and all that came before is whole.</summary>
    Ended,

    /// <summary>No bytes: the file ends in mid-member.</summary>
    Cut,
}

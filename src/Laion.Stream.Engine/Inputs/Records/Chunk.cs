namespace LaionStream.Engine.Inputs.Records;

/// <summary>What one read of a <see cref="MemberSource"/> brought.</summary>
/// <param name="Kind">How the bytes continue what came before.</param>
/// <param name="Bytes">Decompressed bytes; 0 for kinds that carry none.</param>
internal readonly record struct Chunk(ChunkKind Kind, int Bytes = 0);

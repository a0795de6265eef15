namespace LaionStream.Engine.Inputs.Records;

/// <summary>The result of one read of a <see cref="MemberSource"/>.</summary>
/// <param name="Kind">How the bytes relate to the ones before.</param>
/// <param name="Bytes">Decompressed bytes; 0 for kinds that carry none.</param>
internal readonly record struct Chunk(ChunkKind Kind, int Bytes = 0);

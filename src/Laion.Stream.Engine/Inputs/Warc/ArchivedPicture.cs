namespace LaionStream.Engine.Inputs.Warc;

/// <summary>A picture response of a WARC.</summary>
/// <param name="Bytes">The decoded body.</param>
/// <param name="Headers">The headers that may forbid its use (docs/spec.md, 7.3), as received.</param>
internal sealed record ArchivedPicture(ReadOnlyMemory<byte> Bytes, IReadOnlyList<(string Name, string Value)> Headers);

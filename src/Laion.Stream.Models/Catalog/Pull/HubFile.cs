namespace LaionStream.Models.Catalog.Pull;

/// <summary>A server's facts about a file before it is pulled.</summary>
/// <param name="Digest">The digest it must have, or null when the server gives none.</param>
/// <param name="Bytes">Its size, or null when the server gives none.</param>
internal sealed record HubFile(FileDigest? Digest, long? Bytes);

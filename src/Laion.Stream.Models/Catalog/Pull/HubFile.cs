namespace LaionStream.Models.Catalog.Pull;

/// <summary>What a server says of a file before it is pulled.</summary>
/// <param name="Digest">What it must hash to, or null where the server does not say.</param>
/// <param name="Bytes">Its size, or null where the server does not say.</param>
internal sealed record HubFile(FileDigest? Digest, long? Bytes);

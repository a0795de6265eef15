namespace LaionStream.Engine.Inputs.Opening;

/// <summary>A range of a remote file.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The offset after its last byte; the file may end earlier.</param>
/// <param name="Version">The file's version when other parts of it were read; null for the first part.</param>
internal sealed record RemotePart(long Start, long End, RemoteVersion? Version);

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>A stretch of a remote file.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">Behind its last byte; the file may end sooner.</param>
/// <param name="Version">What the file was when other parts of it were read; null at the first.</param>
internal sealed record RemotePart(long Start, long End, RemoteVersion? Version);

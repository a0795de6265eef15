namespace LaionStream.Explorer.Api;

/// <summary>One of the folders that are served.</summary>
/// <param name="Name">Its name: what <c>filter.folders</c> and <c>index</c> take.</param>
/// <param name="FirstId">Id of its first row.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Pictures">Its vectors of pictures.</param>
/// <param name="Captions">Its vectors of captions.</param>
/// <param name="Readable">Whether its files can be read now; if not, what was read before is served.</param>
internal sealed record FolderInfo(string Name, long FirstId, long Rows, long Pictures, long Captions, bool Readable);

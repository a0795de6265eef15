
namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Opens local and remote input files.</summary>
internal interface IInputOpener
{
    /// <summary>Opens a file for one sequential pass; a remote file resumes by itself when its connection breaks.</summary>
    /// <param name="location">Local path or http(s) URL.</param>
    /// <param name="health">Counts the resumptions of a remote file.</param>
    /// <param name="stop">Ends waiting and reading.</param>
    /// <exception cref="IOException">
    /// The file does not exist or cannot be opened; the message names it. Reads throw it when a remote file remains unreachable.
    /// </exception>
    ValueTask<Stream> OpenAsync(string location, InputHealth health, CancellationToken stop);

    /// <summary>Opens a remote file for random access.</summary>
    /// <param name="location">An http(s) URL.</param>
    /// <param name="health">Counts resumptions.</param>
    /// <param name="stop">Ends waiting.</param>
    /// <exception cref="IOException">
    /// The file does not exist, or its server does not support ranges; the message names it. Reads throw it when the file remains unreachable.
    /// </exception>
    ValueTask<RemoteFile> OpenPartsAsync(string location, InputHealth health, CancellationToken stop);
}


namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Opens input files, wherever they lie.</summary>
internal interface IInputOpener
{
    /// <summary>Opens a file for one pass from front to back; a remote one takes itself up again after a cut while it is read.</summary>
    /// <param name="location">Local path or http(s) URL.</param>
    /// <param name="health">Counts the resumptions of a remote file.</param>
    /// <param name="stop">Ends waiting and reading.</param>
    /// <exception cref="IOException">It is not there or cannot be opened; the message names it. Reads throw it when a remote file stays unreachable.</exception>
    ValueTask<Stream> OpenAsync(string location, InputHealth health, CancellationToken stop);

    /// <summary>Opens a remote file to be read in any order.</summary>
    /// <param name="location">An http(s) URL.</param>
    /// <param name="health">Counts resumptions.</param>
    /// <param name="stop">Ends waiting.</param>
    /// <exception cref="IOException">It is not there, or its server does not serve parts; the message names it. Reads throw it when the file stays unreachable.</exception>
    ValueTask<RemoteFile> OpenPartsAsync(string location, InputHealth health, CancellationToken stop);
}

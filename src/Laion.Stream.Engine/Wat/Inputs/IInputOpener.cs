using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Wat.Inputs;

/// <summary>Opens input files for one pass from front to back, wherever they lie.</summary>
internal interface IInputOpener
{
    /// <summary>Opens a file; a remote one takes itself up again after a cut while it is read.</summary>
    /// <param name="location">Local path or http(s) URL.</param>
    /// <param name="health">Counts the resumptions of a remote file.</param>
    /// <param name="stop">Ends waiting and reading.</param>
    /// <exception cref="IOException">It is not there or cannot be opened; the message names it. Reads throw it when a remote file stays unreachable.</exception>
    ValueTask<Stream> OpenAsync(string location, InputHealth health, CancellationToken stop);
}

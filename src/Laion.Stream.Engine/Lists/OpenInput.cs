using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Lists;

/// <summary>Opens a local or remote file for one pass from front to back; a remote one takes itself up again after a cut.</summary>
/// <param name="location">Local path or http(s) URL.</param>
/// <param name="health">Counts resumptions.</param>
/// <param name="stop">Gives up.</param>
/// <exception cref="IOException">It is not there or cannot be opened; the message names it.</exception>
internal delegate ValueTask<Stream> OpenInput(string location, InputHealth health, CancellationToken stop);

using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs;

namespace LaionStream.Engine.Lists;

/// <summary>Opens a remote file to be read in any order.</summary>
/// <param name="location">An http(s) URL.</param>
/// <param name="health">Counts resumptions.</param>
/// <param name="stop">Gives up.</param>
/// <exception cref="IOException">It is not there, or its server does not serve parts; the message names it.</exception>
internal delegate ValueTask<RemoteFile> OpenRemoteParts(string location, InputHealth health, CancellationToken stop);

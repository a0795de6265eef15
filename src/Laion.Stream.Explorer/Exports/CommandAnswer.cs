namespace LaionStream.Explorer.Exports;

/// <summary>A command line.</summary>
/// <param name="Command">It writes the same rows, without the service and its limits.</param>
internal sealed record CommandAnswer(string Command);

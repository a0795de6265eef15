namespace LaionStream.Models.Catalog.Pull;

/// <summary>A file could not be pulled; the message names it and says what to do.</summary>
internal sealed class PullException(string message, Exception? cause = null) : Exception(message, cause);

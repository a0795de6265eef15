namespace LaionStream.Search.Index;

/// <summary>A folder has no vectors of the kind that is asked for.</summary>
/// <param name="message">Names the folder and says what it lacks.</param>
public sealed class NoVectorsException(string message) : IOException(message);

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// A URL list does not fit the run's configuration: it has no url column, no caption column although captions are scored, or other columns than the run's. A
/// usage error.
/// </summary>
/// <param name="message">Names the file and the problem.</param>
public sealed class ListSchemaException(string message) : Exception(message);

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>A url list cannot serve the run as configured: no url column, no caption column though captions are scored, or other columns than the run's. A usage error.</summary>
/// <param name="message">Names the file and what is wrong with it.</param>
public sealed class ListSchemaException(string message) : Exception(message);

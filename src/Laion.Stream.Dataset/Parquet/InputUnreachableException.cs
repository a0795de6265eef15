namespace LaionStream.Dataset.Parquet;

/// <summary>A file's bytes cannot be had; which says nothing of what they are.</summary>
public class InputUnreachableException(string message, Exception? cause = null) : IOException(message, cause);

namespace LaionStream.Dataset.Parquet;

/// <summary>A file's bytes cannot be read; that does not mean that they are damaged.</summary>
public class InputUnreachableException(string message, Exception? cause = null) : IOException(message, cause);

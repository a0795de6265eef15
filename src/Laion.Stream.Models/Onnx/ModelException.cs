namespace LaionStream.Models.Onnx;

/// <summary>The configured models or device cannot be used; the message says what is missing and how to get it. A configuration error: exit code 2.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Names the configuration key that is wrong.</summary>
    /// <param name="key">Such as <c>Laion:Models:Path</c>.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="inner">The runtime's error, if there is one.</param>
    public ModelException(string key, string message, Exception? inner = null)
        : base(message, inner) => Key = key;

    /// <summary>The configuration key that is wrong.</summary>
    public string Key { get; }
}

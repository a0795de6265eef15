namespace LaionStream.Models.Onnx;

/// <summary>The models or the device asked for cannot be used; the message says what is missing and how to get it. A configuration error: exit code 2.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Names the configuration key to look at.</summary>
    /// <param name="key">Such as <c>Laion:Models:Path</c>.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="inner">What the runtime said, if it said something.</param>
    public ModelException(string key, string message, Exception? inner = null)
        : base(message, inner) => Key = key;

    /// <summary>The configuration key to look at.</summary>
    public string Key { get; }
}

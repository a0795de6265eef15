namespace LaionStream.Text.Charsets;

/// <summary>An encoding of the WHATWG Encoding Standard, as far as reading goes. Serves many threads.</summary>
/// <param name="name">The standard's name, lower case.</param>
internal abstract class PageEncoding(string name)
{
    /// <summary>The standard's name, lower case.</summary>
    public string Name { get; } = name;

    /// <summary>The text of bytes; what cannot be read becomes U+FFFD. A byte order mark stays.</summary>
    public abstract string Decode(ReadOnlySpan<byte> bytes);
}

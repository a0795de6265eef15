namespace LaionStream.Text.Charsets;

/// <summary>An encoding of the WHATWG Encoding Standard, for decoding only. Safe to use from many threads.</summary>
/// <param name="name">The standard's name, lower case.</param>
internal abstract class PageEncoding(string name)
{
    /// <summary>The standard's name, lower case.</summary>
    public string Name { get; } = name;

    /// <summary>Decodes bytes; what cannot be decoded becomes U+FFFD. A byte order mark is kept.</summary>
    public abstract string Decode(ReadOnlySpan<byte> bytes);
}

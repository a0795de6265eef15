using System.Text;

namespace LaionStream.Text.Charsets;

/// <summary>UTF-8 and UTF-16, which the platform decodes as the standard does.</summary>
internal sealed class PlatformEncoding(string name, Encoding encoding) : PageEncoding(name)
{
    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<byte> bytes) => encoding.GetString(bytes);
}

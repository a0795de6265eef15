namespace LaionStream.Text.Charsets;

/// <summary>One byte, one character (section 9 of the standard).</summary>
/// <param name="name">The standard's name.</param>
/// <param name="index">Characters of the bytes from 128 on; 0 where there is none.</param>
internal sealed class SingleByteEncoding(string name, ReadOnlySpan<int> index) : PageEncoding(name)
{
    private const int Ascii = 128;

    private readonly string _upper = string.Create(Ascii, index, (upper, points) =>
    {
        for (int i = 0; i < upper.Length; i++)
        {
            upper[i] = points[i] == 0 ? '\uFFFD' : (char)points[i];
        }
    });

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, (text, from) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = from[i] < Ascii ? (char)from[i] : _upper[from[i] - Ascii];
        }
    });
}

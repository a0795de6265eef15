using System.Text;
using LaionStream.Text.Urls;

namespace LaionStream.Host.Hosting;

/// <summary>Writes without the secrets of addresses. Each text that is written must hold its addresses whole.</summary>
/// <param name="inner">Receives the text.</param>
internal sealed class PublicWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => inner.Write(value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(Public(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(Public(value));

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => inner.WriteAsync(Public(value));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(Public(value));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync() => inner.FlushAsync();

    private static string? Public(string? value) => value is null ? null : PublicText.Of(value);
}

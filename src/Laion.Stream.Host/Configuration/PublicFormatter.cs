using LaionStream.Text.Urls;
using Serilog.Events;
using Serilog.Formatting;

namespace LaionStream.Host.Configuration;

/// <summary>Formats log events without the secrets of addresses, whichever property, message or stack trace they are in.</summary>
/// <param name="inner">The format.</param>
internal sealed class PublicFormatter(ITextFormatter inner) : ITextFormatter
{
    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        inner.Format(logEvent, text);
        output.Write(PublicText.Of(text.ToString()));
    }
}

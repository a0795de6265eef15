using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>A <c>Set-Cookie</c> header, parsed as browsers do (RFC 6265 5.2 and its successor). Pure.</summary>
/// <param name="Name">The name; not empty.</param>
/// <param name="Value">The value, quotes included.</param>
internal sealed record SetCookie(string Name, string Value)
{
    private const int MostPair = 4096; // characters of name and value
    private const int MostAttribute = 1024;

    /// <summary>The domain in lower case, without a leading dot; empty for none.</summary>
    public string Domain { get; private init; } = "";

    /// <summary>The path; null for the default one.</summary>
    public string? Path { get; private init; }

    /// <summary>Whether it is for HTTPS only.</summary>
    public bool IsSecure { get; private init; }

    /// <summary>Its lifetime in seconds; null for none given.</summary>
    public long? MaxAge { get; private init; }

    /// <summary>When it ends; null for none given.</summary>
    public DateTimeOffset? Expires { get; private init; }

    /// <summary>Parses a header's value.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out SetCookie? cookie)
    {
        cookie = null;
        if (line.AsSpan().ContainsAnyInRange('\0', '\u0008') || line.AsSpan().ContainsAnyInRange('\n', '\u001F') || line.Contains('\u007F', StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = line.Split(';');
        int equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) { return false; }
        (string name, string value) = (Trim(parts[0][..equals]), Trim(parts[0][(equals + 1)..]));
        if (name.Length == 0 || name.Length + value.Length > MostPair) { return false; }
        cookie = parts.Skip(1).Aggregate(new SetCookie(name, value), static (made, part) => made.With(part));
        return true;
    }

    // Of several attributes of one name the last one counts.
    private SetCookie With(string attribute)
    {
        int equals = attribute.IndexOf('=', StringComparison.Ordinal);
        string name = Trim(equals < 0 ? attribute : attribute[..equals]).ToLowerInvariant();
        string value = equals < 0 ? "" : Trim(attribute[(equals + 1)..]);
        if (value.Length > MostAttribute) { return this; }
        return name switch
        {
            "secure" => this with { IsSecure = true },
            "path" => this with { Path = value.StartsWith('/') ? value : null },
            "domain" => this with { Domain = (value.StartsWith('.') ? value[1..] : value).ToLowerInvariant() },
            "max-age" => Seconds(value) is { } seconds ? this with { MaxAge = seconds } : this,
            "expires" => CookieDate.Parse(value) is { } date ? this with { Expires = date } : this,
            _ => this,
        };
    }

    private static long? Seconds(string value)
    {
        bool isNegative = value.StartsWith('-');
        string digits = isNegative ? value[1..] : value;
        if (digits.Length == 0 || digits.AsSpan().ContainsAnyExceptInRange('0', '9')) { return null; }
        if (isNegative) { return 0; }
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : long.MaxValue;
    }

    private static string Trim(string text) => text.Trim(' ', '\t');
}

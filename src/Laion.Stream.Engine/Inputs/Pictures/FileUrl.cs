using System.Buffers;
using System.Text;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>File URLs (RFC 8089): the URL column of pictures of this machine whose address on the web is not known.</summary>
internal static class FileUrl
{
    private const string Scheme = "file://";
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";

    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Unreserved.Select(letter => (byte)letter)]);

    /// <summary>The URL of a file.</summary>
    /// <param name="path">Absolute path.</param>
    public static string Of(string path) => Scheme + Escape(path);

    /// <summary>The URL of an entry of a file: its name is the fragment.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="entry">The entry's name.</param>
    public static string Of(string path, string entry) => $"{Of(path)}#{Escape(entry)}";

    /// <summary>The path in a file URL of this machine; null for any other text.</summary>
    public static string? PathOf(ReadOnlySpan<char> url) => url.StartsWith(Scheme + "/", StringComparison.OrdinalIgnoreCase)
        ? Uri.UnescapeDataString(url[Scheme.Length..])
        : null;

    private static string Escape(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (!bytes.AsSpan().ContainsAnyExcept(Plain)) { return text; }

        var escaped = new StringBuilder(bytes.Length + 16);
        foreach (byte one in bytes)
        {
            if (Plain.Contains(one)) { escaped.Append((char)one); } else { escaped.Append('%').Append(one.ToString("X2", null)); }
        }

        return escaped.ToString();
    }
}

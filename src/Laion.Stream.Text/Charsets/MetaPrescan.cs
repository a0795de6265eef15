using System.Buffers;

namespace LaionStream.Text.Charsets;

/// <summary>Finds the encoding label that a page's <c>meta</c> declares, before anything is parsed (WHATWG HTML, "prescan a byte stream").</summary>
internal ref struct MetaPrescan(ReadOnlySpan<char> html)
{
    private const string Blanks = " \t\r\n\f";
    private static readonly SearchValues<char> EndsTagName = SearchValues.Create(Blanks + ">");
    private static readonly SearchValues<char> EndsCharset = SearchValues.Create(Blanks + ";");
    private static readonly SearchValues<char> EndsAttributeName = SearchValues.Create(Blanks + "/>=");

    private ReadOnlySpan<char> _rest = html;

    /// <summary>The next declared label, or null after the last.</summary>
    public string? Next()
    {
        while (_rest.IndexOf('<') is int at and >= 0)
        {
            _rest = _rest[at..];
            if (_rest.StartsWith("<!--"))
            {
                int end = _rest[2..].IndexOf("-->"); // "<!-->" is a whole comment
                _rest = end < 0 ? default : _rest[(end + 5)..];
            }
            else if (IsMeta())
            {
                _rest = _rest[5..];
                if (ReadMeta() is { } label)
                {
                    return label;
                }
            }
            else if (_rest.Length > 1 && (char.IsAsciiLetter(_rest[1]) || (_rest[1] == '/' && _rest.Length > 2 && char.IsAsciiLetter(_rest[2]))))
            {
                int end = _rest.IndexOfAny(EndsTagName);
                _rest = end < 0 ? default : _rest[end..];
                while (TryReadAttribute(out _, out _))
                {
                }
            }
            else if (_rest.Length > 1 && _rest[1] is '!' or '/' or '?')
            {
                int end = _rest.IndexOf('>');
                _rest = end < 0 ? default : _rest[(end + 1)..];
            }
            else
            {
                _rest = _rest[1..];
            }
        }

        return null;
    }

    /// <summary>The label inside a <c>content</c> attribute, or null.</summary>
    public static string? LabelIn(ReadOnlySpan<char> content)
    {
        while (content.IndexOf("charset", StringComparison.OrdinalIgnoreCase) is int at and >= 0)
        {
            content = content[(at + 7)..].TrimStart(Blanks);
            if (content.IsEmpty || content[0] != '=')
            {
                continue;
            }

            content = content[1..].TrimStart(Blanks);
            if (content.IsEmpty)
            {
                return null;
            }

            int end;
            if (content[0] is '"' or '\'')
            {
                end = content[1..].IndexOf(content[0]);
                return end < 0 ? null : content[1..(end + 1)].ToString();
            }

            end = content.IndexOfAny(EndsCharset);
            return (end < 0 ? content : content[..end]).ToString();
        }

        return null;
    }

    private readonly bool IsMeta() =>
        _rest.Length > 5 && _rest[..5].Equals("<meta", StringComparison.OrdinalIgnoreCase)
            && (_rest[5] == '/' || Blanks.Contains(_rest[5], StringComparison.Ordinal));

    private string? ReadMeta()
    {
        bool isPragma = false;
        string? inContent = null;
        string? charset = null;
        var seen = new HashSet<string>();
        while (TryReadAttribute(out string name, out string value))
        {
            if (!seen.Add(name))
            {
                continue;
            }

            switch (name)
            {
                case "http-equiv":
                    isPragma = value == "content-type";
                    break;
                case "content":
                    inContent = LabelIn(value);
                    break;
                case "charset":
                    charset = value;
                    break;
            }
        }

        return charset ?? (isPragma ? inContent : null);
    }

    /// <summary>Reads one attribute, lower-cased; false at the end of the tag.</summary>
    private bool TryReadAttribute(out string name, out string value)
    {
        name = value = string.Empty;
        _rest = _rest.TrimStart(" \t\r\n\f/");
        if (_rest.IsEmpty || _rest[0] == '>')
        {
            return false;
        }

        int end = _rest[1..].IndexOfAny(EndsAttributeName) + 1; // a leading '=' belongs to the name
        if (end == 0)
        {
            _rest = default;
            return false;
        }

        name = _rest[..end].ToString().ToLowerInvariant();
        _rest = _rest[end..];
        ReadOnlySpan<char> after = _rest.TrimStart(Blanks);
        if (after.IsEmpty || after[0] != '=')
        {
            return true;
        }

        _rest = after[1..].TrimStart(Blanks);
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest[0] is '"' or '\'')
        {
            int quote = _rest[1..].IndexOf(_rest[0]);
            if (quote < 0)
            {
                _rest = default;
                return false;
            }

            value = _rest[1..(quote + 1)].ToString().ToLowerInvariant();
            _rest = _rest[(quote + 2)..];
            return true;
        }

        end = _rest.IndexOfAny(EndsTagName);
        value = (end < 0 ? _rest : _rest[..end]).ToString().ToLowerInvariant();
        _rest = end < 0 ? default : _rest[end..];
        return end >= 0;
    }
}

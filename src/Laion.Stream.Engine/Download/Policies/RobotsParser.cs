using System.Text;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download.Policies;

/// <summary>Reads the lines of a robots.txt into groups, as leniently as google/robotstxt.</summary>
internal sealed class RobotsParser
{
    private static readonly string[] UserAgentNames = ["user-agent", "useragent", "user agent"];
    private static readonly string[] AllowNames = ["allow"];
    private static readonly string[] DisallowNames = ["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"];

    private readonly Dictionary<string, RobotsGroup> _groups = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<RobotsGroup> _current = [];
    private bool _hasRules;

    private RobotsParser()
    {
    }

    /// <summary>Parses a file.</summary>
    public static RobotsFile Parse(ReadOnlySpan<byte> body)
    {
        body = body switch
        {
            [0xEF, 0xBB, 0xBF, .. var rest] => rest,
            [0xFF, 0xFE, .. var rest] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(rest)),
            [0xFE, 0xFF, .. var rest] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(rest)),
            _ => body,
        };

        var parser = new RobotsParser();
        foreach (Range line in body.SplitAny("\r\n"u8))
        {
            parser.ReadLine(body[line]);
        }

        foreach (RobotsGroup group in parser._groups.Values)
        {
            group.Seal();
        }

        return new RobotsFile(parser._groups);
    }

    /// <summary>The product token by RFC 9309: letters, hyphens and underscores, up to the first other character.</summary>
    private static ReadOnlySpan<byte> StrictToken(ReadOnlySpan<byte> value)
    {
        int length = 0;
        while (length < value.Length && (char.IsAsciiLetter((char)value[length]) || value[length] is (byte)'-' or (byte)'_'))
        {
            length++;
        }

        return value[..length];
    }

    /// <summary>The name up to a blank or slash: some real agents have digits in their names (MJ12bot).</summary>
    private static ReadOnlySpan<byte> LooseToken(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOfAny(" \t/"u8);
        return end < 0 ? value : value[..end];
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        int comment = line.IndexOf((byte)'#');
        line = Trim(comment < 0 ? line : line[..comment]);
        int separator = line.IndexOf((byte)':');
        bool hasColon = separator >= 0;
        if (!hasColon)
        {
            // A line without a colon is accepted if it has two words.
            separator = line.IndexOfAny((byte)' ', (byte)'\t');
            if (separator < 0 || Trim(line[separator..]).ContainsAny((byte)' ', (byte)'\t'))
            {
                return;
            }
        }

        ReadOnlySpan<byte> key = Trim(line[..separator]), value = Trim(line[(separator + 1)..]);
        if (StartsWithAny(key, UserAgentNames))
        {
            ReadAgent(value);
        }
        else if (StartsWithAny(key, AllowNames))
        {
            ReadRule(allow: true, value);
        }
        else if (StartsWithAny(key, DisallowNames))
        {
            ReadRule(allow: false, value);
        }
        else if (hasColon && Ascii.EqualsIgnoreCase(key, ContentUsage.Name))
        {
            _hasRules = true; // the draft makes it a rule of its group, which ends the run of user-agent lines
            if (UsageRule.Read(value, static statement => ContentUsage.Of(statement)) is { } usage) { _current.ForEach(group => group.AddUsage(usage)); }
        }
        else if (hasColon && Ascii.EqualsIgnoreCase(key, ContentSignal.Name) && UsageRule.Read(value, static statement => ContentSignal.Of(statement)) is { } signal)
        {
            _current.ForEach(group => group.AddSignal(signal));
        }
    }

    private void ReadAgent(ReadOnlySpan<byte> value)
    {
        if (_hasRules)
        {
            _current.Clear();
            _hasRules = false;
        }

        if (value is [(byte)'*'] or [(byte)'*', (byte)' ' or (byte)'\t', ..])
        {
            _current.Add(GroupOf("*"u8));
            return;
        }

        ReadOnlySpan<byte> strict = StrictToken(value), loose = LooseToken(value);
        if (!strict.IsEmpty)
        {
            _current.Add(GroupOf(strict));
        }

        if (loose.Length > strict.Length)
        {
            _current.Add(GroupOf(loose));
        }
    }

    private RobotsGroup GroupOf(ReadOnlySpan<byte> token)
    {
        string name = Encoding.UTF8.GetString(token);
        if (!_groups.TryGetValue(name, out RobotsGroup? group))
        {
            _groups.Add(name, group = new RobotsGroup());
        }

        return group;
    }

    private void ReadRule(bool allow, ReadOnlySpan<byte> pattern)
    {
        _hasRules = true; // even an empty rule ends the run of user-agent lines
        if (pattern.IsEmpty || _current.Count == 0)
        {
            return;
        }

        AddToCurrent(new RobotsRule(allow, pattern));
        int slash = pattern.LastIndexOf((byte)'/');
        if (allow && slash >= 0 && pattern[slash..].StartsWith("/index.htm"u8))
        {
            byte[] folder = [.. pattern[..(slash + 1)], (byte)'$'];
            AddToCurrent(new RobotsRule(allow: true, folder));
        }
    }

    private void AddToCurrent(RobotsRule rule)
    {
        foreach (RobotsGroup group in _current)
        {
            group.Add(rule);
        }
    }

    private static bool StartsWithAny(ReadOnlySpan<byte> key, string[] names)
    {
        foreach (string name in names)
        {
            if (key.Length >= name.Length && Ascii.EqualsIgnoreCase(key[..name.Length], name))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\v\f"u8);
}

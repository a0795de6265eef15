using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LaionStream.Dataset.Removal;

/// <summary>Which rows are to be removed: by hash, address, picture or domain. A row is removed when any list has it.</summary>
public sealed class RemovalList
{
    private const int Md5Digits = 32;

    private readonly HashSet<long> _hashes = [];
    private readonly HashSet<string> _urls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pictures = new(StringComparer.Ordinal);
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);
    private readonly List<string> _sources = [];

    /// <summary>What the manifest says of it: which lists, their digests, and nothing of what they list.</summary>
    public string By => string.Join("; ", _sources);

    /// <summary>Entries of all lists.</summary>
    public int Count => _hashes.Count + _urls.Count + _pictures.Count + _domains.Count;

    /// <summary>Whether a row's hash is asked for.</summary>
    public bool HasHashes => _hashes.Count > 0;

    /// <summary>Whether a row's addresses are asked for.</summary>
    public bool HasAddresses => _urls.Count + _domains.Count > 0;

    /// <summary>Whether a picture's digest is asked for.</summary>
    public bool HasPictures => _pictures.Count > 0;

    /// <summary>Adds a list: one entry a line; empty lines and lines that begin with <c>#</c> are passed over.</summary>
    /// <param name="kind"><c>hash</c>, <c>url</c>, <c>md5</c> or <c>domain</c>.</param>
    /// <param name="name">The list's name, for the manifest.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="FormatException">Lines are no such entries; the message names the first.</exception>
    public void Add(string kind, string name, ReadOnlySpan<byte> content)
    {
        string[] lines = Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') { continue; }
            if (!Add(kind, line)) { throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name}, line {i + 1}: this is no {Describe(kind)}.")); }
        }

        _sources.Add($"{kind} list {name}, sha256 {Convert.ToHexStringLower(SHA256.HashData(content))}");
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="md5">Its MD5, 32 lower-case hex digits.</param>
    /// <param name="by">What the manifest says of it.</param>
    public void AddPicture(string md5, string by)
    {
        _pictures.Add(md5);
        _sources.Add(by);
    }

    /// <summary>Whether a hash is listed.</summary>
    public bool HasHash(long? hash) => hash is { } number && _hashes.Contains(number);

    /// <summary>Whether an address or its domain, or a domain above it, is listed.</summary>
    public bool HasAddress(string? url)
    {
        if (url is null) { return false; }
        if (_urls.Contains(url)) { return true; }
        if (_domains.Count == 0 || !Uri.TryCreate(url, UriKind.Absolute, out Uri? address)) { return false; }

        string host = address.IdnHost.TrimEnd('.').ToLowerInvariant();
        for (int dot = -1; ;)
        {
            if (_domains.Contains(host[(dot + 1)..])) { return true; }
            dot = host.IndexOf('.', dot + 1);
            if (dot < 0) { return false; }
        }
    }

    /// <summary>Whether a picture is listed.</summary>
    public bool HasPicture(string? md5) => md5 is not null && _pictures.Contains(md5);

    private bool Add(string kind, string line)
    {
        switch (kind)
        {
            case "hash":
                if (!long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long hash)) { return false; }
                _hashes.Add(hash);
                return true;
            case "url":
                if (!Uri.TryCreate(line, UriKind.Absolute, out _)) { return false; }
                _urls.Add(line);
                return true;
            case "md5":
                if (line.Length != Md5Digits || !line.All(char.IsAsciiHexDigit)) { return false; }
                _pictures.Add(line.ToLowerInvariant());
                return true;
            default:
                string domain = line.Trim('.').ToLowerInvariant();
                bool isDomain = Uri.CheckHostName(domain) != UriHostNameType.Unknown;
                if (isDomain) { _domains.Add(Uri.CheckHostName(domain) == UriHostNameType.Dns ? new Uri($"http://{domain}/").IdnHost : domain); }
                return isDomain;
        }
    }

    private static string Describe(string kind) => kind switch
    {
        "hash" => "whole number, as in the column hash",
        "url" => "absolute address",
        "md5" => "MD5 of 32 hex digits",
        _ => "domain",
    };
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// How an output stores an input's location: a URL's user info is left out and its query replaced by a digest, since both may be keys to the file.
/// </summary>
/// <remarks>
/// Parameters that sign an address change each time it is signed and do not count, so that a run with fresh signatures resumes. The short names of Azure and
/// CloudFront are parameters of a signature only beside the signature itself: <c>?st=1</c> alone may name a file.
/// </remarks>
internal static class InputIdentity
{
    private const char Mark = '#'; // begins a fragment, which no stored address has
    private const int DigestDigits = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly string[] SigningPrefixes = ["X-Amz-", "X-Goog-", "X-Oss-", "X-Cos-"];

    private static readonly Dictionary<string, HashSet<string>> SigningNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sig"] = Names("sig", "se", "st", "sp", "sv", "sr", "ss", "srt", "sip", "spr", "skoid", "sktid", "skt", "ske", "sks", "skv"),
        ["Signature"] = Names("Signature", "Expires", "AWSAccessKeyId", "GoogleAccessId", "OSSAccessKeyId", "Key-Pair-Id", "Policy", "security-token"),
        ["access_token"] = Names("access_token"),
    };

    /// <summary>The line of an input in <c>state/inputs.txt</c>; the same for a location and for its line.</summary>
    public static string Of(string location)
    {
        if (!PublicLocation.IsRemote(location) || IsLine(location)) { return location; }
        string[] parts = [.. Query(location).Split('&').Where(part => part.Length > 0)];
        HashSet<string>[] signing = [.. parts.Select(NameOf).Where(SigningNames.ContainsKey).Select(name => SigningNames[name])];
        string rest = string.Join('&', parts.Where(part => !Signs(NameOf(part), signing)));
        string shown = PublicLocation.Of(location);
        return rest.Length == 0 ? shown : $"{shown}{Mark}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest)))[..DigestDigits]}";
    }

    /// <summary>The address of a stored line, without what was not stored.</summary>
    public static string AddressOf(string line) => IsLine(line) ? line[..^(DigestDigits + 1)] : line;

    private static HashSet<string> Names(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);

    private static bool IsLine(string location) => PublicLocation.IsRemote(location) && location.Length > DigestDigits
        && location[^(DigestDigits + 1)] == Mark && !location.Contains('?', StringComparison.Ordinal)
        && !location.AsSpan(location.Length - DigestDigits).ContainsAnyExcept(HexDigits);

    private static string Query(string location)
    {
        string sent = location.Split('#')[0];
        int mark = sent.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? "" : sent[(mark + 1)..];
    }

    private static string NameOf(string part) => part.Split('=')[0];

    private static bool Signs(string name, HashSet<string>[] signing) =>
        signing.Any(names => names.Contains(name)) || SigningPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}

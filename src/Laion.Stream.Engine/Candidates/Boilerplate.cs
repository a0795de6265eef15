using System.Text.RegularExpressions;

namespace LaionStream.Engine.Candidates;

/// <summary>Captions that do not describe the picture: file names, and phrases that content systems insert in place of a description.</summary>
internal static partial class Boilerplate
{
    /// <summary>Longer captions are never boilerplate and are not tested.</summary>
    private const int Longest = 120;

    /// <summary>Whether the cleaned caption is boilerplate.</summary>
    public static bool Is(string caption) =>
        caption.Length <= Longest && (FileName.IsMatch(caption) || CameraName.IsMatch(caption) || Digest.IsMatch(caption) || Stock.IsMatch(caption));

    /// <summary>One word with a picture's extension, with or without a path or query.</summary>
    [GeneratedRegex(@"^\S+\.(?:jpe?g|jfif|png|gif|webp|avif|bmp|tiff?|svg|ico|heic|heif|psd|raw|cr2|nef)(?:[?#]\S*)?$", RegexOptions.IgnoreCase
        | RegexOptions.CultureInvariant)]
    private static partial Regex FileName { get; }

    /// <summary>File names that cameras, phones and screenshot tools give, with or without an extension.</summary>
    [GeneratedRegex(
        @"^(?:(?:IMG|DSC[NFT_]?|DCIM|DJI|GOPR|PANO|PXL|MVIMG|PICT|SAM|SDC|CIMG|HPIM|WP|VID|FB_IMG|P)[-_ ]?\d{3,}[-_ \d]*(?:\(\d+\)|[a-z]|copy|edit(?:ed)?)?"
        + @"|(?:image|img|photo|pic|picture|scan|slide|untitled|unnamed|screen ?shot|screenshot|whatsapp image|capture|thumb(?:nail)?)[-_ ]*[-_. \d:()]*\d[-_. \d:()]*(?:at [\d. :]+)?(?:[ap]m)?"
        + @"|(?:19|20)\d{6}[-_ ]\d{4,6})(?:\.(?:jpe?g|png|gif|webp|heic))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CameraName { get; }

    /// <summary>Digits, hexadecimal digests and GUIDs, with the marks between their groups.</summary>
    [GeneratedRegex(@"^(?:[\d\s._x×-]+|[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Digest { get; }

    [GeneratedRegex(
        @"^\W*(?:(?:an? |the |my |our |your )?(?:(?:featured|main|header|hero|cover|banner|background|default|product|post|blog|article|site|website|company|brand|profile|user|author|sample|placeholder|"
        + @"preview|thumbnail|article|page|slider?|slideshow|gallery|stock|related|large|small|full size) )?"
        + @"(?:images?|imgs?|pictures?|pics?|photos?|photographs?|logos?|icons?|banners?|avatars?|thumbnails?|thumbs?|placeholders?|spacers?|backgrounds?|graphics?|illustrations?|screenshots?|slides?|headers?)"
        + @"(?: (?:here|not available|not found|unavailable|missing|coming soon|loading|placeholder|preview|thumbnail|gallery|\d+(?: of \d+)?|#\d+))?"
        + @"|no (?:image|photo|picture|alt|description|caption|preview|thumbnail)(?: (?:available|found|text|yet))?|(?:image|photo) (?:may contain|description|caption|alt(?: text)?)|alt(?:ernative)? text"
        + @"|click (?:here|to (?:enlarge|zoom|view|expand|see more)|for (?:more|larger|details))(?: (?:image|photo|picture|view|version))?|(?:view|see|show) (?:larger|full|more|all|details)(?: (?:image|size|photo|picture))?"
        + @"|read more|learn more|(?:back to )?home(?:page)?|loading|untitled|unnamed|blank|spacer|empty|null|undefined|none|n/?a|advertisements?|sponsored|share|menu|search|close|next|previous|arrow|facebook|twitter|"
        + @"instagram|pinterest|youtube|linkedin|whatsapp|gravatar|flag|decorative|default)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Stock { get; }
}

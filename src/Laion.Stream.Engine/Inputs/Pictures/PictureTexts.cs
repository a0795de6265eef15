using System.Text;
using System.Text.Json;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>What the files beside a picture say of it: <c>.txt</c> its caption, <c>.json</c> the keys of img2dataset.</summary>
/// <param name="Caption">Its caption; null when there is none.</param>
/// <param name="Url">Its address on the web; null when it is not known.</param>
/// <param name="Page">The address of the page that showed it; null when it is not known.</param>
/// <param name="License">Its licence; null when it is not known.</param>
internal sealed record PictureTexts(string? Caption, string? Url, string? Page, string? License)
{
    /// <summary>Bytes of a <c>.txt</c> that are read: the rules on captions read no more.</summary>
    public const int MaxCaptionBytes = 256 << 10;

    /// <summary>Most bytes of a <c>.json</c>.</summary>
    public const int MaxJsonBytes = 1 << 20;

    /// <summary>Nothing is known.</summary>
    public static PictureTexts None { get; } = new(null, null, null, null);

    /// <summary>Reads the files' contents.</summary>
    /// <param name="txt">The <c>.txt</c>, which takes precedence for the caption; empty when there is none.</param>
    /// <param name="json">The <c>.json</c>; empty when there is none.</param>
    /// <param name="captions">Keys of the <c>.json</c> with the caption; the first that it has is used.</param>
    /// <param name="url">Key with the address.</param>
    /// <param name="isDamaged">Whether the <c>.json</c> is not a JSON object; it is then ignored.</param>
    public static PictureTexts Of(ReadOnlyMemory<byte> txt, ReadOnlyMemory<byte> json, IEnumerable<string> captions, string url, out bool isDamaged)
    {
        string? caption = TextOf(txt.Span);
        isDamaged = false;
        if (json.IsEmpty) { return caption is null ? None : None with { Caption = caption }; }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root)
            {
                return new PictureTexts(
                    caption ?? captions.Select(key => Find(root, key)).FirstOrDefault(text => text is not null),
                    Find(root, url), Find(root, "page_url"), Find(root, "license"));
            }
        }
        catch (JsonException)
        {
            // counted below: one bad file must not end the reading of its input
        }

        isDamaged = true;
        return None with { Caption = caption };
    }

    private static string? TextOf(ReadOnlySpan<byte> utf8)
    {
        string text = Encoding.UTF8.GetString(utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static string? Find(JsonElement root, string key)
    {
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.String && property.Name.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return TextOf(property);
            }
        }

        return null;
    }

    private static string? TextOf(JsonProperty property)
    {
        try
        {
            return property.Value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped half of a surrogate pair, or bytes that are not UTF-8
        }
    }
}

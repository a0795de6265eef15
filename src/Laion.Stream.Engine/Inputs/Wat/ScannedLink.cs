namespace LaionStream.Engine.Inputs.Wat;

/// <summary>Ranges of one link's members in its record's JSON: the raw content of strings, escapes unresolved. A missing member is <c>default</c>.</summary>
/// <param name="Path">The element and attribute of the link, such as <c>IMG@/src</c>.</param>
/// <param name="Url">The address as on the page.</param>
/// <param name="Alt">The alt text.</param>
internal readonly record struct ScannedLink(Range Path, Range Url, Range Alt)
{
    /// <summary>Whether a member exists; an empty string does.</summary>
    public static bool Has(Range member) => member.End.Value != 0;
}

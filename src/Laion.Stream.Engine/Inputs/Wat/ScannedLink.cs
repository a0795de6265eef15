namespace LaionStream.Engine.Inputs.Wat;

/// <summary>Where one link's members stand in its record's JSON: insides of strings, escapes and all. A member that is not there is <c>default</c>.</summary>
/// <param name="Path">Where the link was on the page, such as <c>IMG@/src</c>.</param>
/// <param name="Url">The address as the page had it.</param>
/// <param name="Alt">The alt text.</param>
internal readonly record struct ScannedLink(Range Path, Range Url, Range Alt)
{
    /// <summary>Whether a member is there at all; an empty string is.</summary>
    public static bool Has(Range member) => member.End.Value != 0;
}

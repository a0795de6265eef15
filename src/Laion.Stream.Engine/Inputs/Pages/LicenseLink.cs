namespace LaionStream.Engine.Inputs.Pages;

/// <summary>The LICENSE column.</summary>
internal static class LicenseLink
{
    /// <summary>The value of the column for a page without a Creative Commons link.</summary>
    public const string None = "?";

    /// <summary>The text that an address must contain, in this case, to count: LAION-5B's test.</summary>
    public const string Mark = "creativecommons.org/licenses/";
}

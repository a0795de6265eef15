namespace LaionStream.Engine.Download.Settings;

/// <summary>Whether a run sends cookies back to the redirects of the URL that set them.</summary>
/// <param name="IsOn">Whether it does.</param>
internal sealed record CookieSwitch(bool IsOn)
{
    /// <summary>Its key in a fingerprint.</summary>
    public const string Key = "Download:Cookies";

    /// <summary>Resolves the setting.</summary>
    /// <param name="wanted">The setting; null for on in new outputs, and in others as they were begun.</param>
    /// <param name="stored">The fingerprint of the output that is continued, which an earlier version may have written; null for a new one.</param>
    public static CookieSwitch Of(bool? wanted, IReadOnlyDictionary<string, string>? stored) =>
        new(wanted ?? (stored is null || (stored.TryGetValue(Key, out string? value) && bool.TryParse(value, out bool isOn) && isOn)));
}

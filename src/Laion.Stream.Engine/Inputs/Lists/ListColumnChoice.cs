using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Which columns of a list are used, as the settings name them. Names are compared ignoring case.</summary>
/// <param name="Url">The column of addresses.</param>
/// <param name="Captions">Columns of captions: the first that a list has is used.</param>
/// <param name="IsCaptionNamed">Whether the settings name the caption column, so that a list without it is refused.</param>
/// <param name="Kept">Other columns that are copied to the output; null for all, which every list of a run must then have alike.</param>
internal sealed record ListColumnChoice(string Url, IReadOnlyList<string> Captions, bool IsCaptionNamed, IReadOnlyList<string>? Kept)
{
    private static readonly string[] UsualCaptions = ["caption", "text", "alt"];

    /// <summary>The column of expected digests; null when none are verified.</summary>
    public string? Digest { get; init; }

    /// <summary>The choice where the settings name nothing.</summary>
    public static ListColumnChoice Usual { get; } = new("url", UsualCaptions, false, null);

    /// <summary>The choice of the settings.</summary>
    public static ListColumnChoice Of(InputOptions options) => new(
        options.UrlColumn is { Length: > 0 } url ? url : Usual.Url,
        options.CaptionColumn is { Length: > 0 } caption ? [caption] : UsualCaptions,
        options.CaptionColumn is { Length: > 0 },
        Split(options.KeepColumns))
    { Digest = options.HashColumn is { Length: > 0 } digest ? digest : null };

    /// <summary>Whether another column is copied to the output.</summary>
    public bool Keeps(string name) => Kept is null || Kept.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string[]? Split(string kept) => kept.Trim().ToLowerInvariant() switch
    {
        "all" => null,
        "none" or "" => [],
        _ => [.. kept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)],
    };
}

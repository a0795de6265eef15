using System.Globalization;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>The presets. Several together take the rows that all of them take.</summary>
/// <remarks>A row without the score that a preset asks for is not taken.</remarks>
public static class SubsetPresets
{
    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SubsetPreset> All { get; } =
    [
        new("laion2b-en", "en", "similarity >= {value}", 0.28, "English captions, as LAION-2B-en was cut"),
        new("laion2b-multi", "multi", "similarity >= {value}", 0.26, "captions in any other language, as LAION-2B-multi"),
        new("laion1b-nolang", "nolang", "similarity >= {value}", 0.26, "captions without a language that is certain, as LAION-1B-nolang"),
        new("high-resolution", null, "WIDTH >= {value} AND HEIGHT >= {value}", 1024, "both sides at least as long, as LAION-high-resolution"),
        new("aesthetic", null, "aesthetic > {value} AND punsafe < 0.5 AND pwatermark < 0.8", 7, "as LAION-aesthetic; 8 gives LAION-art's threshold"),
        new("re-laion-research", null, "punsafe <= {value}", 0.95, "the threshold of Re-LAION-5B research"),
        new("re-laion-research-safe", null, "punsafe <= {value}", 0.45, "the threshold of Re-LAION-5B research-safe"),
        new("unsafe-free", null, "punsafe <= {value}", 0.5, "without what LAION calls unsafe"),
        new("no-watermark", null, "pwatermark <= {value}", 0.8, "without what LAION calls watermarked"),
    ];

    /// <summary>Reads <c>NAME</c> or <c>NAME:VALUE</c>.</summary>
    /// <returns>The preset, with its condition filled in.</returns>
    /// <exception cref="RequestException">There is no such preset, or it has no threshold.</exception>
    public static SubsetPreset Parse(string text)
    {
        string[] words = text.Split(':', 2);
        SubsetPreset preset = All.FirstOrDefault(preset => preset.Name.Equals(words[0], StringComparison.OrdinalIgnoreCase))
            ?? throw new RequestException($"--preset {text}: there is no such preset (there are {string.Join(", ", All.Select(preset => preset.Name))})");
        double value = preset.Value ?? 0;
        if (words.Length > 1 && !(double.TryParse(words[1], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value)))
        {
            throw new RequestException($"--preset {text}: '{words[1]}' is no number");
        }

        return preset with { Value = value, Where = preset.Where?.Replace("{value}", value.ToString("R", CultureInfo.InvariantCulture), StringComparison.Ordinal) };
    }
}

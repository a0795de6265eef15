namespace LaionStream.Search.Rows;

/// <summary>Finds the columns of a file by what they say.</summary>
internal static class RowColumns
{
    // In the order of preference: exactly as this program writes it, then the other names in any case.
    private static readonly string[][] Names =
    [
        ["URL", "url", "image_url", "img_url"],
        ["TEXT", "caption", "text", "alt_text", "alt"],
        ["WIDTH", "original_width", "width"],
        ["HEIGHT", "original_height", "height"],
        ["LANGUAGE", "language", "lang"],
        ["LICENSE", "license", "licence"],
        ["NSFW", "nsfw"],
        ["key"],
        ["image_path"],
        ["hash"],
        ["phash"],
        ["fetched_at"],
    ];

    private static readonly HashSet<string> Scores =
        new(["similarity", "aesthetic", "aesthetic_score", "punsafe", "pwatermark", "q16", "toxicity"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The places of the columns by their meaning; −1 where there is none.</summary>
    /// <param name="columns">Names of the file's columns.</param>
    public static int[] PlacesOf(IReadOnlyList<string> columns) => Array.ConvertAll(Names, names => PlaceOf(columns, names));

    /// <summary>Whether a column is a score: one of single precision, as this program writes them, or a known one of another type.</summary>
    public static bool IsScore(string name, Type type) => type == typeof(float) || (type == typeof(double) && Scores.Contains(name));

    private static int PlaceOf(IReadOnlyList<string> columns, string[] names)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i] == names[0]) { return i; }
        }

        foreach (string name in names.Length > 1 ? names[1..] : names)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                if (name.Equals(columns[i], StringComparison.OrdinalIgnoreCase)) { return i; }
            }
        }

        return -1;
    }
}

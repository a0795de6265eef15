namespace LaionStream.Engine.Lists;

/// <summary>Names of a list's other columns in the output.</summary>
internal static class ExtraColumnNames
{
    // SPEC 9; without case, because SQL engines that read the files compare so.
    private static readonly string[] Ours =
    [
        "SAMPLE_ID", "URL", "TEXT", "WIDTH", "HEIGHT", "LICENSE", "NSFW", "LANGUAGE", "similarity", "hash", "pwatermark", "punsafe", "aesthetic", "q16", "toxicity",
        "md5", "phash", "page_url", "final_url", "source", "ordinal", "fetched_at",
    ];

    /// <summary>A name of ours is prefixed <c>input_</c>; one that is still taken gets a number.</summary>
    public static IReadOnlyList<string> InOutput(IEnumerable<string> names)
    {
        var taken = new HashSet<string>(Ours, StringComparer.OrdinalIgnoreCase);
        var result = new List<string>();
        foreach (string name in names)
        {
            string wanted = Ours.Contains(name, StringComparer.OrdinalIgnoreCase) ? "input_" + name : name;
            string given = wanted;
            for (int i = 2; !taken.Add(given); i++)
            {
                given = $"{wanted}_{i}";
            }

            result.Add(given);
        }

        return result;
    }
}

namespace LaionStream.Host.Configuration;

/// <summary>Finds the word that was probably meant: by the number of typing errors, and never by similarity of meaning.</summary>
internal static class Spelling
{
    private const int MostSlips = 3;

    /// <summary><c>; did you mean X?</c>, or nothing when no known word is similar.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Nearest(word, known) is { } near ? $"; did you mean {near}?" : "";

    /// <summary>The known word with the fewest typing errors, at most one for every three letters; null when there is none.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        int most = Math.Min(MostSlips, Math.Max(1, word.Length / 3));
        return known.Select(name => (Name: name, Slips: Slips(word.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(found => found.Slips <= most)
            .OrderBy(found => found.Slips).ThenBy(found => found.Name, StringComparer.Ordinal)
            .Select(found => found.Name).FirstOrDefault();
    }

    /// <summary>
    /// Letters inserted, omitted or changed, and adjacent letters swapped (Damerau and Levenshtein's distance, each position changed at most once).
    /// </summary>
    public static int Slips(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) { cost[i, 0] = i; }
        for (int j = 0; j <= b.Length; j++) { cost[0, j] = j; }
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (swapped) { cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1); }
            }
        }

        return cost[a.Length, b.Length];
    }
}

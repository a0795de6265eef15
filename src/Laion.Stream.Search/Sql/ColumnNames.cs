namespace LaionStream.Search.Sql;

/// <summary>The columns that a query may name; case does not matter, as in SQL.</summary>
/// <param name="names">In the order of the files.</param>
internal sealed class ColumnNames(IReadOnlyList<string> names)
{
    private const int MostSlips = 3;

    private readonly Dictionary<string, string> _byName = names.DistinctBy(name => name.ToUpperInvariant()).ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>In the order of the files.</summary>
    public IReadOnlyList<string> All => names;

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>A column's name as the files write it; null when there is none.</summary>
    public string? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Says that a column does not exist, which was probably meant, and which there are.</summary>
    public string Missing(string name) =>
        $"there is no column {name}{(Nearest(name) is { } near ? $"; did you mean {near}?" : "")} (there are {string.Join(", ", names)})";

    private string? Nearest(string word) => names
        .Select(name => (Name: name, Slips: Slips(word.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(found => found.Slips <= (word.Length < 4 ? 1 : word.Length < 10 ? 2 : MostSlips))
        .OrderBy(found => found.Slips).ThenBy(found => found.Name, StringComparer.Ordinal).Select(found => found.Name).FirstOrDefault();

    /// <summary>Letters inserted, omitted or changed, and neighbours swapped.</summary>
    private static int Slips(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0) { cost[i, j] = i + j; continue; }

                cost[i, j] = Math.Min(cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
                bool isSwapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (isSwapped) { cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1); }
            }
        }

        return cost[a.Length, b.Length];
    }
}

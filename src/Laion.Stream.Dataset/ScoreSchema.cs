using System.Diagnostics.CodeAnalysis;

namespace LaionStream.Dataset;

/// <summary>The score columns of a run, in the files' order: the standard ones, filled or not, then those that only the run's models add.</summary>
public sealed class ScoreSchema
{
    private const int LongestName = 64;

    private static readonly string[] StandardNames = ["pwatermark", "punsafe", "aesthetic", "q16", "toxicity"];

    private readonly Dictionary<string, int> _places;

    private ScoreSchema(IReadOnlyList<ScoreColumn> columns)
    {
        Columns = columns;
        _places = columns.Select((column, place) => (column.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place, StringComparer.Ordinal);
    }

    /// <summary>The columns that every dataset has, without a model.</summary>
    public static ScoreSchema Standard { get; } = Of([]);

    /// <summary>The columns.</summary>
    public IReadOnlyList<ScoreColumn> Columns { get; }

    /// <summary>The schema of a run whose models fill the given columns.</summary>
    /// <param name="filled">Each with a model; at most one a name.</param>
    /// <exception cref="ArgumentException">A name is given twice, or cannot be a column's (<see cref="IsName"/>).</exception>
    public static ScoreSchema Of(IReadOnlyCollection<ScoreColumn> filled)
    {
        if (filled.FirstOrDefault(column => !IsName(column.Name)) is { } wrong) { throw new ArgumentException($"{wrong.Name} cannot name a score column."); }

        Dictionary<string, ScoreColumn> byName = filled.ToDictionary(column => column.Name, StringComparer.Ordinal);
        return new ScoreSchema(
        [
            .. StandardNames.Select(name => byName.GetValueOrDefault(name) ?? new ScoreColumn(name)),
            .. filled.Where(column => !StandardNames.Contains(column.Name)),
        ]);
    }

    /// <summary>Whether a text can name a score column: lower-case letters, digits and underscores, at most 64, a letter first, and no other column of the files.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= LongestName }
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
        && (StandardNames.Contains(name) || !SampleSchema.SampleColumns.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A column's place among <see cref="Columns"/>; −1 where there is none of that name.</summary>
    public int IndexOf(string name) => _places.GetValueOrDefault(name, -1);
}

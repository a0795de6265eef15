namespace LaionStream.Dataset.Rows;

/// <summary>The score columns of a run, in the files' order: the standard ones, filled or not, then those that only the run's models add.</summary>
public sealed class ScoreSchema
{
    /// <summary>Names of the columns that every dataset has, in order.</summary>
    internal static readonly string[] StandardNames = ["pwatermark", "punsafe", "aesthetic", "q16", "toxicity"];

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
    /// <param name="filled">Each with a model; names are unique.</param>
    /// <exception cref="ArgumentException">A name is given twice.</exception>
    public static ScoreSchema Of(IReadOnlyCollection<ScoreColumn> filled)
    {
        Dictionary<string, ScoreColumn> byName = filled.ToDictionary(column => column.Name, StringComparer.Ordinal);
        return new ScoreSchema(
        [
            .. StandardNames.Select(name => byName.GetValueOrDefault(name) ?? new ScoreColumn(name)),
            .. filled.Where(column => !StandardNames.Contains(column.Name)),
        ]);
    }

    /// <summary>A column's index in <see cref="Columns"/>; −1 when none has that name.</summary>
    public int IndexOf(string name) => _places.GetValueOrDefault(name, -1);
}

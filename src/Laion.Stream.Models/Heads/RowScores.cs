using LaionStream.Dataset.Rows;

namespace LaionStream.Models.Heads;

/// <summary>Scores of one row while its batch is being scored.</summary>
internal sealed class RowScores
{
    private readonly float?[] _values;

    /// <summary>Of a row that no model has seen.</summary>
    /// <param name="columns">Number of score columns of the run.</param>
    public RowScores(int columns) => _values = new float?[columns];

    /// <summary>Goes on from scores that some of the models gave.</summary>
    /// <param name="columns">Number of score columns of the run.</param>
    /// <param name="known">Those scores.</param>
    public RowScores(int columns, Scores known)
        : this(columns)
    {
        (Similarity, Tag, Underage) = (known.Similarity, known.Nsfw, known.Underage);
        for (int place = 0; place < columns; place++) { _values[place] = known[place]; }
    }

    /// <summary>Cosine of picture and caption.</summary>
    public double? Similarity { get; set; }

    /// <summary>LAION's tag.</summary>
    public string? Tag { get; set; }

    /// <summary>Whether the under-age guard fired.</summary>
    public bool Underage { get; set; }

    /// <summary>Whether a model gave something that is no number; such a row never passes a filter.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Notes one model's answer.</summary>
    /// <param name="place">The column's place in the run's <see cref="ScoreSchema"/>.</param>
    /// <param name="value">The answer.</param>
    public void Set(int place, float value)
    {
        _values[place] = value;
        IsBroken |= !float.IsFinite(value);
    }

    /// <summary>Notes that the row cannot be scored.</summary>
    public void Break() => IsBroken = true;

    /// <summary>The finished scores.</summary>
    public Scores ToScores() => new(Similarity, Tag, Underage, _values);
}

using LaionStream.Dataset.Rows;

namespace LaionStream.Models.Heads;

/// <summary>Scores of one row while its batch is being scored.</summary>
internal sealed class RowScores
{
    private readonly float?[] _values;

    /// <summary>Scores of a row that no model has scored.</summary>
    /// <param name="columns">Number of score columns of the run.</param>
    public RowScores(int columns) => _values = new float?[columns];

    /// <summary>Starts with the scores that some of the models gave.</summary>
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

    /// <summary>Whether a model returned NaN or infinity; such a row never passes a filter.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Records one model's score.</summary>
    /// <param name="place">Index of the column in the run's <see cref="ScoreSchema"/>.</param>
    /// <param name="value">The score.</param>
    public void Set(int place, float value)
    {
        _values[place] = value;
        IsBroken |= !float.IsFinite(value);
    }

    /// <summary>Records that the row cannot be scored.</summary>
    public void Break() => IsBroken = true;

    /// <summary>The finished scores.</summary>
    public Scores ToScores() => new(Similarity, Tag, Underage, _values);
}

namespace LaionStream.Engine.Inference;

/// <summary>Scores of one row while its batch is being scored.</summary>
internal sealed class RowScores
{
    private readonly float?[] _values = new float?[(int)ScoreColumn.Toxicity + 1];

    /// <summary>Cosine of picture and caption.</summary>
    public double? Similarity { get; set; }

    /// <summary>LAION's tag.</summary>
    public string? Tag { get; set; }

    /// <summary>Whether the under-age guard fired.</summary>
    public bool Underage { get; set; }

    /// <summary>Whether a model gave something that is no number; such a row never passes a filter.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Notes one model's answer.</summary>
    public void Set(ScoreColumn column, float value)
    {
        _values[(int)column] = value;
        IsBroken |= !float.IsFinite(value);
    }

    /// <summary>Notes that the row cannot be scored.</summary>
    public void Break() => IsBroken = true;

    /// <summary>As the next room takes it.</summary>
    public ImageScores ToScores() => new(
        Similarity,
        Tag,
        _values[(int)ScoreColumn.Watermark],
        _values[(int)ScoreColumn.Unsafe],
        _values[(int)ScoreColumn.Aesthetic],
        _values[(int)ScoreColumn.Q16],
        _values[(int)ScoreColumn.Toxicity],
        Underage);
}

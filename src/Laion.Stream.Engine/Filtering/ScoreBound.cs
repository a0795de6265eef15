namespace LaionStream.Engine.Filtering;

/// <summary>One bound of a score column.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="IsMax">True for a maximum, false for a minimum.</param>
/// <param name="Value">The bound; null when it is not set.</param>
/// <param name="Key">The configuration key that sets it, below <c>Laion:Filtering</c>.</param>
internal sealed record ScoreBound(string Column, bool IsMax, double? Value, string Key)
{
    /// <summary>Whether a score passes; a score that is not a number does not, and a row without the score does.</summary>
    public bool Allows(float? score) => score is not { } value || Value is not { } bound || (IsMax ? value <= bound : value >= bound);
}

namespace LaionStream.Explorer.Queries;

/// <summary>Limits of a number, both included; a missing one does not limit.</summary>
/// <param name="Min">Least value.</param>
/// <param name="Max">Greatest value.</param>
internal sealed record NumberRange(double? Min = null, double? Max = null)
{
    /// <summary>Whether a value is within them; NaN, which means none, is not.</summary>
    public bool Has(double value) => value >= (Min ?? double.NegativeInfinity) && value <= (Max ?? double.PositiveInfinity);
}

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>A range of a picture's columns; empty unless <paramref name="First"/> is less than <paramref name="End"/>.</summary>
/// <param name="First">The first column.</param>
/// <param name="End">One past the last column.</param>
internal readonly record struct Columns(int First, int End)
{
    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => First >= End;

    /// <summary>The smallest range that contains both.</summary>
    public Columns And(Columns other) =>
        IsEmpty ? other : other.IsEmpty ? this : new Columns(Math.Min(First, other.First), Math.Max(End, other.End));
}

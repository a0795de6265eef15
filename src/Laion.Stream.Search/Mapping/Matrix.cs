namespace LaionStream.Search.Mapping;

/// <summary>Rows of numbers behind each other, each of whole <see cref="Lanes"/>; what is beyond a row's width is 0.</summary>
/// <param name="rows">How many rows.</param>
/// <param name="width">Numbers of a row.</param>
internal sealed class Matrix(int rows, int width)
{
    private readonly float[] _numbers = new float[checked(rows * Lanes.RoundUp(width))];
    private readonly int _stride = Lanes.RoundUp(width);

    /// <summary>How many rows.</summary>
    public int Rows => rows;

    /// <summary>Numbers of a row.</summary>
    public int Width => width;

    /// <summary>A row with the zeros behind it.</summary>
    public Span<float> this[int row] => _numbers.AsSpan(row * _stride, _stride);
}

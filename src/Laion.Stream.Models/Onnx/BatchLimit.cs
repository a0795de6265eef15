namespace LaionStream.Models.Onnx;

/// <summary>Most rows of a batch, which may change while the models run. Thread-safe.</summary>
/// <param name="rows">At the start.</param>
internal sealed class BatchLimit(int rows)
{
    private volatile int _rows = rows;

    /// <summary>The number now.</summary>
    public int Rows
    {
        get => _rows;
        set => _rows = value;
    }
}

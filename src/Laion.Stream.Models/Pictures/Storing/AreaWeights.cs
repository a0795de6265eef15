using System.Buffers;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>
/// The input positions that each output position of one axis covers, and their fractions, as OpenCV computes them (<c>computeResizeAreaTab</c>).
/// Uses rented memory: dispose it.
/// </summary>
internal sealed class AreaWeights : IDisposable
{
    /// <summary>A fraction up to this is ignored.</summary>
    private const double Least = 1e-3;

    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly float[] _weights;
    private readonly int _stride;

    /// <summary>Computes the weights.</summary>
    /// <param name="inputSize">Positions of the input axis.</param>
    /// <param name="outputSize">Positions of the output axis; at most as many.</param>
    public AreaWeights(int inputSize, int outputSize)
    {
        double scale = (double)inputSize / outputSize;
        _stride = (int)Math.Ceiling(scale) + 2;
        _starts = ArrayPool<int>.Shared.Rent(outputSize);
        _ends = ArrayPool<int>.Shared.Rent(outputSize);
        _weights = ArrayPool<float>.Shared.Rent(outputSize * _stride);
        for (int i = 0; i < outputSize; i++)
        {
            Fill(i, i * scale, scale, inputSize);
            Most = Math.Max(Most, _ends[i] - _starts[i]);
        }
    }

    /// <summary>The most weights of an output, and at least two.</summary>
    public int Most { get; } = 2;

    /// <summary>First input position of output <paramref name="i"/>.</summary>
    public int Start(int i) => _starts[i];

    /// <summary>First input positions of the first <paramref name="count"/> outputs.</summary>
    public ReadOnlySpan<int> Starts(int count) => _starts.AsSpan(0, count);

    /// <summary>The weights of that position and of those that follow it.</summary>
    public ReadOnlySpan<float> Of(int i) => _weights.AsSpan(i * _stride, _ends[i] - _starts[i]);

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_starts);
        ArrayPool<int>.Shared.Return(_ends);
        ArrayPool<float>.Shared.Return(_weights);
    }

    private void Fill(int i, double from, double scale, int inputSize)
    {
        double width = Math.Min(scale, inputSize - from);
        double to = from + scale;
        int last = Math.Min((int)Math.Floor(to), inputSize - 1);
        int first = Math.Min((int)Math.Ceiling(from), last);
        bool before = first - from > Least;
        _starts[i] = before ? first - 1 : first;
        int count = 0;
        if (before) { Add((first - from) / width); }
        for (int whole = first; whole < last; whole++) { Add(1.0 / width); }
        if (to - last > Least) { Add(Math.Min(Math.Min(to - last, 1.0), width) / width); }
        _ends[i] = _starts[i] + count;

        void Add(double weight) => _weights[(i * _stride) + count++] = (float)weight;
    }
}

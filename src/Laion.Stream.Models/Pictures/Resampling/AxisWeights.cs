using System.Buffers;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// The weights of the input positions for each output position of one axis, as PIL computes them: support and filter are widened by the downscaling
/// factor, weights are normalised in double, then rounded to fixed point with 22 fraction bits. Uses rented memory: dispose it.
/// </summary>
internal sealed class AxisWeights : IDisposable
{
    /// <summary>Fraction bits of a weight: 32 − 8 bits of a sample − 2 bits of headroom (PIL's PRECISION_BITS).</summary>
    public const int PrecisionBits = 22;

    /// <summary>Added before the shift: half a level.</summary>
    public const int Half = 1 << (PrecisionBits - 1);

    private const double CubicA = -0.5;

    private readonly int[] _starts;
    private readonly int[] _taps;
    private readonly double[] _exact;
    private readonly int[] _fixed;

    /// <summary>Computes the weights of outputs <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="inputSize">Samples of the input axis.</param>
    /// <param name="outputSize">Samples of the whole output axis.</param>
    /// <param name="kernel">The filter.</param>
    /// <param name="first">First output to compute: what a crop leaves out is not computed.</param>
    /// <param name="count">Number of outputs to compute.</param>
    /// <param name="mirrored">
    /// Whether the axis is stored in reversed order: inputs and outputs are then counted from the other end. The weights are the same, so the results are too.
    /// </param>
    public AxisWeights(int inputSize, int outputSize, ResampleKernel kernel, int first, int count, bool mirrored = false)
    {
        double scale = (double)inputSize / outputSize;
        double stretch = Math.Max(scale, 1.0);
        double support = SupportOf(inputSize, outputSize, kernel);
        Count = count;
        Stride = TapsOf(inputSize, outputSize, kernel);
        _starts = ArrayPool<int>.Shared.Rent(count);
        _taps = ArrayPool<int>.Shared.Rent(count);
        _exact = ArrayPool<double>.Shared.Rent(count * Stride);
        _fixed = ArrayPool<int>.Shared.Rent(count * Stride);
        for (int i = 0; i < count; i++)
        {
            double centre = (first + i + 0.5) * scale;
            int start = Math.Max((int)(centre - support + 0.5), 0);
            int end = Math.Min((int)(centre + support + 0.5), inputSize);
            int to = mirrored ? count - 1 - i : i;
            _starts[to] = mirrored ? inputSize - end : start;
            _taps[to] = end - start;
            Span<double> exact = _exact.AsSpan(to * Stride, end - start);
            Span<int> rounded = _fixed.AsSpan(to * Stride, end - start);
            Fill(kernel, start - centre + 0.5, 1.0 / stretch, exact, rounded);
            if (!mirrored) { continue; }

            exact.Reverse();
            rounded.Reverse();
        }
    }

    /// <summary>Number of outputs.</summary>
    public int Count { get; }

    /// <summary>Maximum number of taps of an output.</summary>
    public int Stride { get; }

    /// <summary>Maximum number of taps of an output when an axis is resized.</summary>
    public static int TapsOf(int inputSize, int outputSize, ResampleKernel kernel) => ((int)Math.Ceiling(SupportOf(inputSize, outputSize, kernel)) * 2) + 1;

    /// <summary>First input position that output <paramref name="i"/> reads.</summary>
    public int Start(int i) => _starts[i];

    /// <summary>One past the last input position that output <paramref name="i"/> reads.</summary>
    public int End(int i) => _starts[i] + _taps[i];

    /// <summary>The fixed-point weights of output <paramref name="i"/>.</summary>
    public ReadOnlySpan<int> Fixed(int i) => _fixed.AsSpan(i * Stride, _taps[i]);

    /// <summary>The weights of output <paramref name="i"/> before rounding; they add up to 1.</summary>
    public ReadOnlySpan<double> Exact(int i) => _exact.AsSpan(i * Stride, _taps[i]);

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_starts);
        ArrayPool<int>.Shared.Return(_taps);
        ArrayPool<double>.Shared.Return(_exact);
        ArrayPool<int>.Shared.Return(_fixed);
    }

    private static double SupportOf(int inputSize, int outputSize, ResampleKernel kernel) =>
        (kernel == ResampleKernel.Bicubic ? 2.0 : 1.0) * Math.Max((double)inputSize / outputSize, 1.0);

    private static void Fill(ResampleKernel kernel, double offset, double step, Span<double> exact, Span<int> rounded)
    {
        double sum = 0;
        for (int k = 0; k < exact.Length; k++)
        {
            double x = Math.Abs((k + offset) * step);
            exact[k] = kernel == ResampleKernel.Bicubic ? Cubic(x) : Math.Max(1.0 - x, 0.0);
            sum += exact[k];
        }

        for (int k = 0; k < exact.Length; k++)
        {
            if (sum != 0.0) { exact[k] /= sum; }
            rounded[k] = (int)((exact[k] < 0 ? -0.5 : 0.5) + (exact[k] * (1 << PrecisionBits)));
        }
    }

    private static double Cubic(double x) => x switch
    {
        < 1.0 => ((((CubicA + 2.0) * x) - (CubicA + 3.0)) * x * x) + 1,
        < 2.0 => ((((x - 5) * x) + 8) * x - 4) * CubicA,
        _ => 0.0,
    };
}

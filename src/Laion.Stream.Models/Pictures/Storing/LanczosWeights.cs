namespace LaionStream.Models.Pictures.Storing;

/// <summary>
/// The first of the eight input positions that each output position of one axis reads, and the weights of all eight with 11 fraction bits (OpenCV's
/// <c>interpolateLanczos4</c>).
/// </summary>
internal sealed class LanczosWeights
{
    /// <summary>Input positions of an output position.</summary>
    public const int Taps = 8;

    /// <summary>Fraction bits of a weight.</summary>
    public const int Bits = 11;

    private const double Sin45 = 0.70710678118654752440084436210485;
    private static readonly double[] Sines = [1, -Sin45, 0, Sin45, -1, Sin45, 0, -Sin45];
    private static readonly double[] Cosines = [0, -Sin45, 1, -Sin45, 0, Sin45, -1, Sin45];

    private readonly int[] _firsts;
    private readonly short[] _weights;

    /// <summary>Computes the weights.</summary>
    /// <param name="inputSize">Positions of the input axis.</param>
    /// <param name="outputSize">Positions of the output axis.</param>
    public LanczosWeights(int inputSize, int outputSize)
    {
        _weights = new short[outputSize * Taps];
        _firsts = new int[outputSize];
        double scale = (double)inputSize / outputSize;
        Span<float> exact = stackalloc float[Taps];
        for (int i = 0; i < outputSize; i++)
        {
            float centre = (float)(((i + 0.5) * scale) - 0.5);
            int whole = (int)MathF.Floor(centre);
            Fill(centre - whole, exact);
            _firsts[i] = whole - 3;
            for (int tap = 0; tap < Taps; tap++)
            {
                _weights[(i * Taps) + tap] = (short)MathF.Round(exact[tap] * (1 << Bits));
            }
        }
    }

    /// <summary>The first input position of output <paramref name="i"/>: -4 to the input's size less four. Beyond an edge the position on it is repeated.</summary>
    public int First(int i) => _firsts[i];

    /// <summary>The weights of the eight positions of output <paramref name="i"/>.</summary>
    public ReadOnlySpan<short> Of(int i) => _weights.AsSpan(i * Taps, Taps);

    private static void Fill(float fraction, Span<float> weights)
    {
        double first = -(fraction + 3) * Math.PI * 0.25;
        (double sine, double cosine) = Math.SinCos(first);
        float sum = 0;
        for (int i = 0; i < Taps; i++)
        {
            float distance = fraction + 3 - i;
            double angle = -distance * Math.PI * 0.25;
            // exactly on a position: only that one counts
            weights[i] = MathF.Abs(distance) >= 1e-6f ? (float)(((Sines[i] * sine) + (Cosines[i] * cosine)) / (angle * angle)) : 1e30f;
            sum += weights[i];
        }

        foreach (ref float weight in weights) { weight *= 1 / sum; }
    }
}

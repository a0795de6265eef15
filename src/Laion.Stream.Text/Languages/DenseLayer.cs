using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Text.Languages;

/// <summary>A fully connected layer in float32.</summary>
internal sealed class DenseLayer
{
    // Seven accumulators of eight lanes stay in registers and keep both multipliers busy; both layers' widths (208, 109) waste little.
    private const int Lanes = 8;
    private const int Block = 7 * Lanes;

    // Block by block, a row of Block weights for each input: the parameters are larger than the L1 cache and are read once, in order.
    // Pinned and aligned to a cache line: otherwise every second load of eight lanes would cross two lines.
    private const int Alignment = 64;

    private readonly float[] _weights;
    private readonly int _first;
    private readonly float[] _bias;

    /// <summary>Copies the parameters, padded to whole blocks.</summary>
    /// <param name="weights">A row of <paramref name="bias"/>.Length weights for each input.</param>
    /// <param name="bias">One value for each output.</param>
    /// <param name="padding">Bias of the padding outputs.</param>
    public DenseLayer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, float padding)
    {
        OutputWidth = (bias.Length + Block - 1) / Block * Block;
        InputWidth = weights.Length / bias.Length;
        _weights = GC.AllocateArray<float>((InputWidth * OutputWidth) + (Alignment / sizeof(float)), pinned: true);
        _first = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_weights, 0) & (Alignment - 1)) / sizeof(float);
        for (int i = 0; i < weights.Length; i++)
        {
            (int input, int output) = Math.DivRem(i, bias.Length);
            _weights[_first + (output / Block * InputWidth * Block) + (input * Block) + (output % Block)] = weights[i];
        }

        _bias = new float[OutputWidth];
        _bias.AsSpan().Fill(padding);
        bias.CopyTo(_bias);
    }

    /// <summary>Number of inputs.</summary>
    public int InputWidth { get; }

    /// <summary>Number of outputs, padding included.</summary>
    public int OutputWidth { get; }

    /// <summary>Writes bias + Σ input × weights.</summary>
    /// <param name="input"><see cref="InputWidth"/> values.</param>
    /// <param name="output"><see cref="OutputWidth"/> values.</param>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        for (int at = 0; at < OutputWidth; at += Block)
        {
            RunBlock(input[..InputWidth], at, output.Slice(at, Block));
        }
    }

    private void RunBlock(ReadOnlySpan<float> input, int at, Span<float> output)
    {
        ref float bias = ref _bias[at];
        Vector256<float> a = Vector256.LoadUnsafe(ref bias);
        Vector256<float> b = Vector256.LoadUnsafe(ref bias, Lanes);
        Vector256<float> c = Vector256.LoadUnsafe(ref bias, 2 * Lanes);
        Vector256<float> d = Vector256.LoadUnsafe(ref bias, 3 * Lanes);
        Vector256<float> e = Vector256.LoadUnsafe(ref bias, 4 * Lanes);
        Vector256<float> f = Vector256.LoadUnsafe(ref bias, 5 * Lanes);
        Vector256<float> g = Vector256.LoadUnsafe(ref bias, 6 * Lanes);
        ref float weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        nuint row = (nuint)(_first + (at * InputWidth));
        foreach (float value in input)
        {
            Vector256<float> x = Vector256.Create(value);
            a = MultiplyAdd(x, Vector256.LoadUnsafe(ref weights, row), a);
            b = MultiplyAdd(x, Vector256.LoadUnsafe(ref weights, row + Lanes), b);
            c = MultiplyAdd(x, Vector256.LoadUnsafe(ref weights, row + (2 * Lanes)), c);
            d = MultiplyAdd(x, Vector256.LoadUnsafe(ref weights, row + (3 * Lanes)), d);
            e = MultiplyAdd(x, Vector256.LoadUnsafe(ref weights, row + (4 * Lanes)), e);
            f = MultiplyAdd(x, Vector256.LoadUnsafe(ref weights, row + (5 * Lanes)), f);
            g = MultiplyAdd(x, Vector256.LoadUnsafe(ref weights, row + (6 * Lanes)), g);
            row += Block;
        }

        a.CopyTo(output);
        b.CopyTo(output[Lanes..]);
        c.CopyTo(output[(2 * Lanes)..]);
        d.CopyTo(output[(3 * Lanes)..]);
        e.CopyTo(output[(4 * Lanes)..]);
        f.CopyTo(output[(5 * Lanes)..]);
        g.CopyTo(output[(6 * Lanes)..]);
    }

    // MultiplyAddEstimate does the same, but code compiled ahead of time calls it element by element.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplyAdd(Vector256<float> x, Vector256<float> weights, Vector256<float> sum) =>
        Fma.IsSupported ? Fma.MultiplyAdd(x, weights, sum) : Vector256.MultiplyAddEstimate(x, weights, sum);
}

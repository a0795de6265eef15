using System.Numerics.Tensors;
using LaionStream.Models.Onnx;

namespace LaionStream.Models.Heads.Weights;

/// <summary>One affine map, y = W x + b.</summary>
internal sealed class DenseLayer
{
    private readonly float[] _weights;
    private readonly float[]? _bias;

    /// <summary>Takes weights in the order that frameworks store them.</summary>
    /// <param name="weights">One row of <paramref name="inputs"/> per output, concatenated.</param>
    /// <param name="inputs">Width of x.</param>
    /// <param name="bias">One per output, or null.</param>
    /// <exception cref="ModelException">The sizes do not match.</exception>
    public DenseLayer(float[] weights, int inputs, float[]? bias)
    {
        if (inputs <= 0 || weights.Length % inputs != 0 || (bias is not null && bias.Length != weights.Length / inputs))
        {
            throw new ModelException("Laion:Models:Path",
                $"A layer of {weights.Length} weights, {inputs} inputs and {bias?.Length ?? 0} biases does not match.");
        }

        _weights = weights;
        _bias = bias;
        Inputs = inputs;
        Outputs = weights.Length / inputs;
    }

    /// <summary>Width of x.</summary>
    public int Inputs { get; }

    /// <summary>Width of y.</summary>
    public int Outputs { get; }

    /// <summary>Computes y.</summary>
    public void Apply(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int row = 0; row < Outputs; row++)
        {
            y[row] = TensorPrimitives.Dot(_weights.AsSpan(row * Inputs, Inputs), x) + (_bias?[row] ?? 0);
        }
    }
}

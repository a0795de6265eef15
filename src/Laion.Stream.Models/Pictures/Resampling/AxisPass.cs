namespace LaionStream.Models.Pictures.Resampling;

/// <summary>One pass of a resize with a crop, along the rows or the columns of a stored picture. Owns its weights: dispose it.</summary>
internal sealed class AxisPass : IDisposable
{
    private readonly int _first;

    /// <summary>Computes the weights of a pass.</summary>
    /// <param name="inputSize">Samples of the axis.</param>
    /// <param name="outputSize">Samples of the axis after the resize.</param>
    /// <param name="kernel">The filter.</param>
    /// <param name="first">First output in the crop, as shown.</param>
    /// <param name="count">Outputs in the crop.</param>
    /// <param name="mirrored">Whether the axis is stored in the order opposite to the shown one: outputs are then made in that order.</param>
    public AxisPass(int inputSize, int outputSize, ResampleKernel kernel, int first, int count, bool mirrored)
    {
        (InputSize, Count, Mirrored) = (inputSize, count, mirrored);
        _first = mirrored ? outputSize - first - count : first;
        // PIL skips a pass that does not change the size.
        Weights = inputSize == outputSize ? null : new AxisWeights(inputSize, outputSize, kernel, first, count, mirrored);
    }

    /// <summary>Samples of the axis.</summary>
    public int InputSize { get; }

    /// <summary>Outputs.</summary>
    public int Count { get; }

    /// <summary>The weights of each output; null when the size does not change.</summary>
    public AxisWeights? Weights { get; }

    /// <summary>Most inputs of an output.</summary>
    public int Taps => Weights?.Stride ?? 1;

    /// <summary>Whether outputs are made in the order opposite to the shown one.</summary>
    public bool Mirrored { get; }

    /// <summary>First input that output <paramref name="i"/> reads.</summary>
    public int Start(int i) => Weights?.Start(i) ?? _first + i;

    /// <summary>One past the last input that output <paramref name="i"/> reads.</summary>
    public int End(int i) => Weights?.End(i) ?? _first + i + 1;

    /// <summary>Where output <paramref name="i"/> is shown.</summary>
    public int Shown(int i) => Mirrored ? Count - 1 - i : i;

    /// <inheritdoc/>
    public void Dispose() => Weights?.Dispose();
}

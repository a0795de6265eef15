using System.Numerics.Tensors;

namespace LaionStream.Benchmarks.Index;

/// <summary>
/// Unit vectors of 512 numbers that lie as CLIP's picture vectors do: two levels of clusters whose sizes follow Zipf's law, a spectrum that falls as a power,
/// a direction common to all, a random rotation. The same for a seed and a row, whoever makes it.
/// </summary>
internal sealed class ClusteredVectors
{
    /// <summary>Numbers of a vector.</summary>
    public const int Width = 512;

    private const int TopClusters = 400;
    private const int Clusters = 20_000;
    private const float Mean = 0.62f;
    private const float Top = 0.40f;
    private const float Sub = 0.49f;
    private const float Noise = 0.46f;
    private const float Gap = 0.55f;

    private readonly float[][] _top;
    private readonly float[][] _sub;
    private readonly int[] _topOf;
    private readonly double[] _upTo = new double[Clusters];
    private readonly float[] _spectrum = new float[Width];
    private readonly float[] _mean;
    private readonly float[] _gap;
    private readonly float[][] _signs;
    private readonly int _seed;

    /// <summary>Draws the clusters.</summary>
    /// <param name="seed">Of everything.</param>
    public ClusteredVectors(int seed)
    {
        _seed = seed;
        var random = new Random(seed);
        double squares = 0;
        for (int i = 0; i < Width; i++) { squares += Math.Pow(_spectrum[i] = MathF.Pow(i + 1, -0.5f), 2); }
        for (int i = 0; i < Width; i++) { _spectrum[i] /= (float)Math.Sqrt(squares); }

        _mean = Unit(Gaussian(random, flat: true));
        _gap = Unit(Gaussian(random, flat: true));
        _top = [.. Enumerable.Range(0, TopClusters).Select(_ => Gaussian(random, flat: false))];
        _sub = [.. Enumerable.Range(0, Clusters).Select(_ => Gaussian(random, flat: false))];
        _topOf = [.. Enumerable.Range(0, Clusters).Select(_ => random.Next(TopClusters))];
        double sum = 0;
        for (int i = 0; i < Clusters; i++) { _upTo[i] = sum += 1 / Math.Pow(i + 10, 0.7); }
        for (int i = 0; i < Clusters; i++) { _upTo[i] /= sum; }
        _signs = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, Width).Select(_ => random.Next(2) == 0 ? -1f : 1f).ToArray())];
    }

    /// <summary>A vector.</summary>
    /// <param name="row">Its number. Queries take numbers that no row has.</param>
    /// <param name="isText">Whether it lies as a text's vector does: shifted from the pictures' by one vector, and with more noise.</param>
    public float[] Make(long row, bool isText = false)
    {
        var random = new Random(HashCode(row));
        int found = Array.BinarySearch(_upTo, random.NextDouble());
        int cluster = Math.Min(Clusters - 1, found >= 0 ? found : ~found);
        float[] vector = new float[Width];
        float[] noise = Gaussian(random, flat: false);
        for (int i = 0; i < Width; i++)
        {
            vector[i] = (Mean * _mean[i]) + (Top * _top[_topOf[cluster]][i]) + (Sub * _sub[cluster][i]) + (Noise * (isText ? 1.3f : 1f) * noise[i]) + (isText ? Gap * _gap[i] : 0);
        }

        Rotate(vector);
        return Unit(vector);
    }

    private int HashCode(long row)
    {
        ulong mixed = ((ulong)row + ((ulong)(uint)_seed << 40)) * 0x9E3779B97F4A7C15UL;
        return (int)(mixed >> 33);
    }

    private static float[] Unit(float[] vector)
    {
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    // Signs and a fast Hadamard transform, three times: as good as a random rotation, without its 262,144 products.
    private void Rotate(float[] vector)
    {
        foreach (float[] signs in _signs)
        {
            TensorPrimitives.Multiply(vector, signs, vector);
            for (int half = 1; half < Width; half *= 2)
            {
                for (int start = 0; start < Width; start += 2 * half)
                {
                    for (int i = start; i < start + half; i++) { (vector[i], vector[i + half]) = (vector[i] + vector[i + half], vector[i] - vector[i + half]); }
                }
            }

            TensorPrimitives.Divide(vector, MathF.Sqrt(Width), vector);
        }
    }

    private float[] Gaussian(Random random, bool flat)
    {
        float[] numbers = new float[Width];
        for (int i = 0; i < Width; i += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (numbers[i], numbers[i + 1]) = ((float)(radius * cos), (float)(radius * sin));
        }

        if (!flat) { TensorPrimitives.Multiply(numbers, _spectrum, numbers); }
        return numbers;
    }
}

namespace LaionStream.Engine.Imaging.Jpeg;

/// <summary>Turns rows of coefficient blocks into samples.</summary>
internal static class InverseDct
{
    /// <summary>Transforms a row of blocks.</summary>
    /// <param name="coefficients">The blocks, in groups of four.</param>
    /// <param name="quantisers">64 factors in natural order.</param>
    /// <param name="samples">Eight rows of samples.</param>
    /// <param name="stride">Samples from a row to the next, at least 32 for each group.</param>
    public static void TransformRow(ReadOnlySpan<short> coefficients, ReadOnlySpan<short> quantisers, Span<byte> samples, int stride)
    {
        for (int group = 0; group * ZigZag.GroupSize < coefficients.Length; group++)
        {
            ReadOnlySpan<short> blocks = coefficients.Slice(group * ZigZag.GroupSize, ZigZag.GroupSize);
            for (int block = 0; block < 4; block++)
            {
                ScalarInverseDct.Transform(blocks[(block * 8)..], quantisers, samples[((group * 32) + (block * 8))..], stride);
            }
        }
    }
}

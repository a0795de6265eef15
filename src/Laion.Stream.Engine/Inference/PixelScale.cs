namespace LaionStream.Engine.Inference;

/// <summary>A model's normalisation, <c>(level / 255 − mean) / std</c> per channel, applied while interleaved RGB becomes planes.</summary>
internal sealed class PixelScale
{
    private readonly float[][] _levels = new float[3][];
    private readonly Half[][] _halves = new Half[3][];

    /// <summary>Tabulates the 256 levels of each channel.</summary>
    /// <param name="mean">Red, green, blue, of levels in 0..1.</param>
    /// <param name="std">Red, green, blue; not zero.</param>
    public PixelScale(IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            _levels[channel] = [.. Enumerable.Range(0, 256).Select(level => ((level / 255f) - mean[channel]) / std[channel])];
            _halves[channel] = [.. _levels[channel].Select(v => (Half)v)];
        }
    }

    /// <summary>CLIP's (openai/CLIP clip/clip.py, <c>_transform</c>).</summary>
    public static PixelScale Clip { get; } = new([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    /// <summary>ImageNet's, as timm models take them (LAION-AI/LAION-5B-WatermarkDetection README).</summary>
    public static PixelScale ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Writes three planes, red first.</summary>
    /// <param name="rgb">R G B R G B ….</param>
    /// <param name="planes">As many elements as <paramref name="rgb"/>.</param>
    public void Write(ReadOnlySpan<byte> rgb, Span<float> planes) => Write(_levels, rgb, planes);

    /// <summary>Writes three planes in half precision, red first.</summary>
    /// <param name="rgb">R G B R G B ….</param>
    /// <param name="planes">As many elements as <paramref name="rgb"/>.</param>
    public void Write(ReadOnlySpan<byte> rgb, Span<Half> planes) => Write(_halves, rgb, planes);

    private static void Write<T>(T[][] levels, ReadOnlySpan<byte> rgb, Span<T> planes)
    {
        int count = rgb.Length / 3;
        ReadOnlySpan<T> redLevels = levels[0];
        ReadOnlySpan<T> greenLevels = levels[1];
        ReadOnlySpan<T> blueLevels = levels[2];
        Span<T> red = planes[..count];
        Span<T> green = planes.Slice(count, count);
        Span<T> blue = planes.Slice(2 * count, count);
        for (int i = 0, at = 0; i < red.Length; i++, at += 3)
        {
            red[i] = redLevels[rgb[at]];
            green[i] = greenLevels[rgb[at + 1]];
            blue[i] = blueLevels[rgb[at + 2]];
        }
    }
}

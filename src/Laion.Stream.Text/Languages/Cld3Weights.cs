using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LaionStream.Text.Languages;

/// <summary>The parameters of the network, embeddings dequantised once (google/cld3 src/lang_id_nn_params.cc; layout in models/cld3/cld3-weights.md).</summary>
internal sealed class Cld3Weights
{
    /// <summary>Values of the input vector.</summary>
    public const int InputWidth = 80;

    private const int HiddenWidth = 208;
    private const int OutputWidth = 109;

    private Cld3Weights()
    {
        byte[] file = Cld3Resources.Bytes("cld3-weights.bin");
        Bigrams = Embedding(file, 0, 2000, 1000, 16);
        Quadgrams = Embedding(file, 18000, 28000, 5000, 16);
        RelevantScripts = Embedding(file, 108000, 108032, 12, 8);
        TextScripts = Embedding(file, 108128, 108336, 103, 8);
        Trigrams = Embedding(file, 109168, 119168, 5000, 16);
        Unigrams = Embedding(file, 199168, 199376, 100, 16);
        Hidden = new DenseLayer(Floats(file, 200976, InputWidth * HiddenWidth), Floats(file, 267536, HiddenWidth), padding: 0);
        Softmax = new DenseLayer(Floats(file, 268368, HiddenWidth * OutputWidth), Floats(file, 359056, OutputWidth), float.NegativeInfinity);
        Languages = [.. Cld3Resources.Rows("cld3-languages.tsv").Select(row => string.Intern(row[1]))];
    }

    /// <summary>The parameters, loaded on first use.</summary>
    public static Cld3Weights Shared { get; } = new();

    /// <summary>1000 × 16.</summary>
    public float[] Bigrams { get; }

    /// <summary>5000 × 16.</summary>
    public float[] Quadgrams { get; }

    /// <summary>12 × 8.</summary>
    public float[] RelevantScripts { get; }

    /// <summary>103 × 8.</summary>
    public float[] TextScripts { get; }

    /// <summary>5000 × 16.</summary>
    public float[] Trigrams { get; }

    /// <summary>100 × 16.</summary>
    public float[] Unigrams { get; }

    /// <summary>80 to 208, before rectification.</summary>
    public DenseLayer Hidden { get; }

    /// <summary>208 to 109; the padding beyond is minus infinity.</summary>
    public DenseLayer Softmax { get; }

    /// <summary>CLD3's language codes in the order of the outputs.</summary>
    public string[] Languages { get; }

    // The scales are bfloat16: the upper half of a float. A weight w of a row means scale × (w − 128).
    private static float[] Embedding(ReadOnlySpan<byte> file, int scaleOffset, int weightOffset, int rows, int width)
    {
        float[] values = new float[rows * width];
        for (int i = 0; i < values.Length; i++)
        {
            ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(file[(scaleOffset + (i / width * 2))..]);
            values[i] = BitConverter.UInt32BitsToSingle((uint)scale << 16) * (file[weightOffset + i] - 128);
        }

        return values;
    }

    private static ReadOnlySpan<float> Floats(ReadOnlySpan<byte> file, int offset, int count) =>
        MemoryMarshal.Cast<byte, float>(file.Slice(offset, count * sizeof(float)));
}

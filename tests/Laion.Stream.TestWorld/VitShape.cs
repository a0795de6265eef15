namespace LaionStream.TestWorld;

/// <summary>Sizes of a CLIP whose image tower is a vision transformer.</summary>
/// <param name="Patch">Width and height of a patch; divides 224.</param>
/// <param name="Width">Numbers of a token in the image tower.</param>
/// <param name="Layers">Layers of the image tower.</param>
/// <param name="Heads">Attention heads of a layer.</param>
/// <param name="TextWidth">Numbers of a token in the text tower.</param>
/// <param name="TextLayers">Layers of the text tower.</param>
/// <param name="TextHeads">Attention heads of one of its layers.</param>
/// <param name="Embedding">Numbers of an embedding.</param>
/// <param name="Vocabulary">Number of token ids.</param>
public sealed record VitShape(int Patch, int Width, int Layers, int Heads, int TextWidth, int TextLayers, int TextHeads, int Embedding, int Vocabulary)
{
    /// <summary>OpenAI's ViT-B/32.</summary>
    public static VitShape B32 { get; } = new(32, 768, 12, 12, 512, 12, 8, 512, 49408);

    /// <summary>OpenAI's ViT-L/14.</summary>
    public static VitShape L14 { get; } = new(14, 1024, 24, 16, 768, 12, 12, 768, 49408);

    /// <summary>The same architecture in small, for tests and dry runs.</summary>
    public static VitShape Tiny { get; } = new(56, 64, 2, 2, 32, 2, 2, 32, 6144);
}

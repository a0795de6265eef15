namespace LaionStream.Models.Onnx;

/// <summary>What one integer input of a text model holds.</summary>
internal enum TextInput
{
    /// <summary>Token ids, padded.</summary>
    Ids,

    /// <summary>1 for tokens, 0 for padding.</summary>
    Mask,

    /// <summary>All zeros, as segment ids.</summary>
    Zeros,

    /// <summary>0, 1, 2, ….</summary>
    Positions,

    /// <summary>One number a row: the last place of the context.</summary>
    LastPlace,
}

namespace LaionStream.Models.Onnx;

/// <summary>What one integer input of a text model contains.</summary>
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

    /// <summary>One number per row: the last position of the context.</summary>
    LastPlace,
}

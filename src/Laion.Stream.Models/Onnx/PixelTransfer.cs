namespace LaionStream.Models.Onnx;

/// <summary>How pictures are passed to a model that reads them.</summary>
public enum PixelTransfer
{
    /// <summary>As bytes on a GPU, as floats on the CPU, which packs them faster than the runtime does.</summary>
    Auto,

    /// <summary>As bytes, if the model can be changed for it: a quarter of the size of floats, and scaled on the device.</summary>
    Bytes,

    /// <summary>As the model's file takes them.</summary>
    Floats,
}

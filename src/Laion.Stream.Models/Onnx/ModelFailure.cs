namespace LaionStream.Models.Onnx;

/// <summary>The cause of a model's exception.</summary>
public enum ModelFailure
{
    /// <summary>The rows, as far as is known: others may work.</summary>
    Rows,

    /// <summary>There was not enough memory for this number of rows.</summary>
    OutOfMemory,

    /// <summary>The device, or the connection to it: no rows work until the model is opened again.</summary>
    DeviceLost,
}

namespace LaionStream.Models.Onnx.Editing;

/// <summary>What is known of a value in a graph that is being converted to half precision.</summary>
internal enum ValueKind
{
    /// <summary>Its type is not known, or neither float32 nor whole numbers: never converted.</summary>
    Unknown,

    /// <summary>Whole numbers or truth values: ids, shapes, masks.</summary>
    Integers,

    /// <summary>A float32 weight or constant that half precision can hold.</summary>
    Constant,

    /// <summary>Float32 that follows from constants and whole numbers alone: half precision holds it where a half value is combined with it.</summary>
    Plain,

    /// <summary>Float32 that must stay so: it comes from, or goes through, an operator that half precision could overflow in.</summary>
    Single,

    /// <summary>Float32 in the file, half precision now.</summary>
    Halved,
}

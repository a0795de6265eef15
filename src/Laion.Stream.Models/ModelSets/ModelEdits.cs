namespace LaionStream.Models.ModelSets;

/// <summary>Ways in which a model is changed while it is loaded.</summary>
[Flags]
internal enum ModelEdits
{
    /// <summary>It runs as its file has it.</summary>
    None = 0,

    /// <summary>It takes pictures as bytes.</summary>
    Bytes = 1,

    /// <summary>It computes in half precision.</summary>
    Half = 2,
}

namespace LaionStream.Models.Heads;

/// <summary>How a model's outputs become scores.</summary>
internal enum Activation
{
    /// <summary>They are the scores.</summary>
    None,

    /// <summary>The logistic function of each.</summary>
    Sigmoid,

    /// <summary>Probabilities over all of them.</summary>
    Softmax,
}

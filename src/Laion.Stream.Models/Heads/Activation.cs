namespace LaionStream.Models.Heads;

/// <summary>What turns a model's last numbers into scores.</summary>
internal enum Activation
{
    /// <summary>They are scores.</summary>
    None,

    /// <summary>Each through the logistic function.</summary>
    Sigmoid,

    /// <summary>All together to probabilities.</summary>
    Softmax,
}

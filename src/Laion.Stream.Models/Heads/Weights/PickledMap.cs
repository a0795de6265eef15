namespace LaionStream.Models.Heads.Weights;

/// <summary>A dictionary of a pickle, in its original order.</summary>
internal sealed class PickledMap
{
    /// <summary>Keys and values.</summary>
    public List<KeyValuePair<object?, object?>> Entries { get; } = [];
}

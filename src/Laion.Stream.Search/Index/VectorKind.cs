namespace LaionStream.Search.Index;

/// <summary>Which vectors of the rows.</summary>
public enum VectorKind
{
    /// <summary>Those of the pictures.</summary>
    Image,

    /// <summary>Those of the captions. A row without a caption has none, and is never found.</summary>
    Text,
}

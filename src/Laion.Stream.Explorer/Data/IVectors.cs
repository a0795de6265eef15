namespace LaionStream.Explorer.Data;

/// <summary>Vectors of the rows of one or several folders, to be searched. Safe to use from several threads.</summary>
internal interface IVectors
{
    /// <summary>Its name: <c>image</c> or <c>text</c> for those of all folders, else that of the folder.</summary>
    string Name { get; }

    /// <summary>Whether they are those of captions: a folder's pictures and captions have one name.</summary>
    bool IsOfCaptions { get; }

    /// <summary>Numbers of a vector; 0 while there is none.</summary>
    int Dimensions { get; }

    /// <summary>How many there are.</summary>
    long Count { get; }

    /// <summary>The nearest rows, the nearest first.</summary>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">Most rows.</param>
    /// <param name="mask">Only these rows; null for all.</param>
    /// <param name="abort">Ends the search.</param>
    IReadOnlyList<VectorHit> Search(ReadOnlyMemory<float> query, int count, RowMask? mask, CancellationToken abort);

    /// <summary>Reads a row's vector, made one of length 1.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="vector">Receives it.</param>
    /// <returns>Whether it has one.</returns>
    bool TryRead(long row, Span<float> vector);
}

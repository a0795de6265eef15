namespace LaionStream.Host.Verbs;

/// <summary>Writes vectors one after the other.</summary>
internal interface IVectorOutput : IDisposable
{
    /// <summary>Writes one vector.</summary>
    /// <param name="kind"><c>text</c> or <c>image</c>.</param>
    /// <param name="of">The text, or the file.</param>
    /// <param name="vector">Unit length.</param>
    Task WriteAsync(string kind, string of, ReadOnlyMemory<float> vector);

    /// <summary>All vectors are written: publishes them. Without this call nothing appears under the output's name.</summary>
    void Complete();
}

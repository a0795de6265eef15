namespace LaionStream.TestWorld;

/// <summary>A folder for one test, deleted when the test ends.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Full path.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("laion-stream-").FullName;

    /// <summary>Full path of something in the folder.</summary>
    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}

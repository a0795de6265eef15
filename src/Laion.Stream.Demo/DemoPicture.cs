namespace LaionStream.Demo;

/// <summary>One bundled picture.</summary>
/// <param name="Name">File name, and path on the demo's web.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Shows">A caption that describes it.</param>
/// <param name="DoesNotShow">A caption that does not describe it.</param>
internal sealed record DemoPicture(string Name, byte[] Bytes, string Shows, string DoesNotShow)
{
    /// <summary>Minimum bytes of a picture that is kept (the default of <c>Laion:Download:MinBytes</c>).</summary>
    private const int MinBytes = 5000;

    /// <summary>Whether it passes the size limit; some pictures of the model's own fixture are too small, and so demonstrate that limit.</summary>
    public bool IsLargeEnough => Bytes.Length >= MinBytes;
}

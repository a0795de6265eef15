namespace LaionStream.Demo;

/// <summary>One bundled picture.</summary>
/// <param name="Name">File name, and path on the demo's web.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Shows">A caption that fits.</param>
/// <param name="DoesNotShow">A caption that does not.</param>
internal sealed record DemoPicture(string Name, byte[] Bytes, string Shows, string DoesNotShow)
{
    /// <summary>Fewest bytes of a picture that is worth fetching (the default of <c>Laion:Download:MinBytes</c>).</summary>
    private const int MinBytes = 5000;

    /// <summary>Whether it passes the size limit; some of the model's own fixture are too small, which shows that limit at work.</summary>
    public bool IsLargeEnough => Bytes.Length >= MinBytes;
}

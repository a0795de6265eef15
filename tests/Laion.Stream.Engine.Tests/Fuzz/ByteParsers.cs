namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Every parser of untrusted bytes.</summary>
internal static class ByteParsers
{
    /// <summary>The parsers.</summary>
    public static IReadOnlyList<ByteParser> All { get; } = [.. PictureParsers.All, .. StreamParsers.All, .. ModelParsers.All];
}

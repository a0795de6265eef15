namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Every parser of bytes that others wrote.</summary>
internal static class ByteParsers
{
    /// <summary>The parsers.</summary>
    public static IReadOnlyList<ByteParser> All { get; } = [.. PictureParsers.All, .. StreamParsers.All, .. ModelParsers.All];
}

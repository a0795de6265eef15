using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LaionStream.Engine.Tests.Download.Golden;

/// <summary>The golden files beside this one: inputs with the answers of the published rules.</summary>
internal static class GoldenRows
{
    /// <summary>The rows of a file.</summary>
    public static IReadOnlyList<JsonElement> Of(string file) => Read(Path.Combine(Path.GetDirectoryName(ThisFile())!, file));

    /// <summary>The rows of a file elsewhere.</summary>
    public static IReadOnlyList<JsonElement> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static string ThisFile([CallerFilePath] string thisFile = "") => thisFile;
}

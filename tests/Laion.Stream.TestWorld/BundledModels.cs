using System.Runtime.CompilerServices;

namespace LaionStream.TestWorld;

/// <summary>Finds the models in the source tree that the project includes.</summary>
public static class BundledModels
{
    private static readonly string Root = Find();

    /// <summary>Folder of the small CLIP.</summary>
    public static string TinyClip => Path.Combine(Root, "tinyclip");

    /// <summary>Folder with pictures, captions and expected cosines of the small CLIP.</summary>
    public static string TinyClipFixture => Path.Combine(Root, "tinyclip", "fixture");

    /// <summary>Folder of the safety classifier.</summary>
    public static string Nsfw => Path.Combine(Root, "nsfw");

    private static string Find([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "src", "Laion.Stream.Demo", "models"));
}

using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>
/// Folders for TensorRT's engines and timings: one per model, version of the runtime and shapes, so that no change of these finds an engine that does not
/// match.
/// </summary>
/// <param name="root">Where they are.</param>
internal sealed class EngineCache(string root)
{
    /// <summary>Under a configured folder, or the user's own.</summary>
    public static EngineCache In(string? configured) => new(Path.Combine(
        string.IsNullOrEmpty(configured)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "laion-stream")
            : Path.GetFullPath(configured),
        "tensorrt"));

    /// <summary>The folder of a model.</summary>
    /// <param name="model">Its bytes.</param>
    /// <param name="runtime">Version of ONNX Runtime.</param>
    /// <param name="shapes">Shapes that the engine is built for.</param>
    public string FolderOf(Stream model, string runtime, string shapes)
    {
        model.Position = 0;
        string digest = Convert.ToHexStringLower(SHA256.HashData(model));
        string built = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(shapes)));
        return Path.Combine(root, $"{digest}-{runtime}-{built[..12]}");
    }

    /// <summary>Opens a model with the engines of a folder. When that fails with engines from before, they are deleted and the model is opened again.</summary>
    /// <param name="folder">Its folder; made here.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="stale">Told when engines from before did not work.</param>
    /// <exception cref="OnnxRuntimeException">It does not open without them either.</exception>
    public static T Open<T>(string folder, Func<T> open, Action<Exception> stale)
    {
        bool isUsed = Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();
        Directory.CreateDirectory(folder);
        try
        {
            return open();
        }
        catch (OnnxRuntimeException e) when (isUsed)
        {
            stale(e);
            Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            return open();
        }
    }
}

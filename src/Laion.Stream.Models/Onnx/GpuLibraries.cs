using System.Runtime.InteropServices;

namespace LaionStream.Models.Onnx;

/// <summary>Finds the system libraries that a GPU provider of ONNX Runtime needs and that do not load on this machine.</summary>
internal static class GpuLibraries
{
    /// <summary>The CUDA provider loads it by name when its first convolution runs, so its file does not list it.</summary>
    private const string LateCudnn = "libcudnn.so.9";

    /// <summary>Names of the libraries that a provider needs and that do not load here.</summary>
    /// <param name="provider">CUDA or TensorRT.</param>
    /// <returns>None when all of them load, or when the provider's own library is not beside the program.</returns>
    public static IReadOnlyList<string> Missing(InferenceProvider provider) =>
        Find(provider, NativeFolders()) is { } library ? Missing(provider, ElfNeeds.Read(library), Loads) : [];

    /// <summary>The libraries of <paramref name="needed"/> that do not load, and those that the provider loads only later.</summary>
    public static IReadOnlyList<string> Missing(InferenceProvider provider, IReadOnlyList<string> needed, Func<string, bool> loads) =>
        [.. (provider == InferenceProvider.Cpu ? needed : needed.Append(LateCudnn)).Distinct().Where(name => !loads(name))];

    private static string? Find(InferenceProvider provider, IEnumerable<string> folders)
    {
        string name = $"libonnxruntime_providers_{ProviderRules.Name(provider)}.so";
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>The folders in which the runtime itself searches for native parts of packages.</summary>
    private static IEnumerable<string> NativeFolders() =>
        ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [])
            .Append(AppContext.BaseDirectory);

    private static bool Loads(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint library)) { return false; }

        NativeLibrary.Free(library);
        return true;
    }
}

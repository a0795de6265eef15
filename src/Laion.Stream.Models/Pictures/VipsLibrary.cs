using NetVips;

namespace LaionStream.Models.Pictures;

/// <summary>Configures libvips for untrusted files, once per process: few loaders, no caches, no threads of its own per picture.</summary>
internal static class VipsLibrary
{
    private static readonly string[] Loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"];

    private static readonly Lazy<bool> Ready = new(SetUp);

    // Referenced for the process' life: the native side keeps only the pointer.
    private static readonly Log.LogDelegate Silence = static (_, _, _) => { };

    /// <summary>Whether the native library loads on this machine. The first call loads it.</summary>
    public static bool Loads => ModuleInitializer.VipsInitialized;

    /// <summary>Configures on the first call; later ones cost nothing.</summary>
    /// <exception cref="DllNotFoundException">The native library does not load on this machine.</exception>
    public static void EnsureReady() => _ = Ready.Value;

    private static bool SetUp()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new DllNotFoundException("libvips did not load.", ModuleInitializer.Exception);
        }

        NativeHeap.KeepBlocks();

        // The graph provides the parallelism; every picture is read once, so a cache would only use memory.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;

        // SVG, PDF, ImageMagick and the like fetch files or run interpreters: only the loaders named here can be reached, even by mistake.
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (string loader in Loaders) { Operation.Block("VipsForeignLoad" + loader, false); }

        // Every hostile file would print its warnings to stderr; the exception contains the important ones.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info, Silence);
        return true;
    }
}

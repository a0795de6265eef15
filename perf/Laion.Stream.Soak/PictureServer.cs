using System.Diagnostics;
using System.Net;
using LaionStream.Host.Demo;

namespace LaionStream.Soak;

/// <summary>The loopback server as a process of its own, so that its cost is not the engine's.</summary>
internal sealed class PictureServer : IDisposable
{
    /// <summary>First argument of the child process.</summary>
    public const string Verb = "serve-pictures";

    private readonly Process _process;

    private PictureServer(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Processor time it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the child.</summary>
    /// <param name="folder">Pictures to serve; null for the demo's.</param>
    public static async Task<PictureServer> StartAsync(string? folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") { start.ArgumentList.Add(System.Reflection.Assembly.GetEntryAssembly()!.Location); }
        start.ArgumentList.Add(Verb);
        if (folder is not null) { start.ArgumentList.Add(folder); }
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The picture server did not start.");
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The picture server ended at once.");
        return new PictureServer(process, IPEndPoint.Parse(line));
    }

    /// <summary>The child's work: serves any path with one of the pictures, chosen by the path, until its input closes.</summary>
    public static async Task RunAsync(string? folder)
    {
        byte[][] pictures = folder is null
            ? [.. DemoAssets.Pictures().Where(picture => picture.IsLargeEnough).Select(picture => picture.Bytes)]
            : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsPicture).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        if (pictures.Length == 0) { throw new InvalidOperationException($"No pictures in '{folder}'."); }
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(path => pictures[Index(path, pictures.Length)]);
        await Console.Out.WriteLineAsync(world.EndPoint.ToString());
        await Console.In.ReadToEndAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) { _process.Kill(); }
        _process.Dispose();
    }

    // The demo's paths name a picture by number, so that captions fit; any other path takes what its hash says.
    private static int Index(string path, int count)
    {
        ReadOnlySpan<char> name = path.AsSpan(path.LastIndexOf('/') + 1);
        int digits = name.IndexOfAnyExceptInRange('0', '9');
        if (digits > 0 && int.TryParse(name[..digits], out int number)) { return number % count; }
        uint hash = 2166136261;
        foreach (char c in path) { hash = (hash ^ c) * 16777619; }
        return (int)(hash % (uint)count);
    }

    private static bool IsPicture(string file) => Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp";
}

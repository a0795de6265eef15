using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LaionStream.Demo;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LaionStream.Soak;

/// <summary>The loopback server as a separate process, so that its cost is not the engine's.</summary>
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

    /// <summary>The address it listens on.</summary>
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
    /// <param name="delay">Time that each answer takes.</param>
    /// <param name="authority">File for the certificate with which the child serves TLS; null for plain HTTP.</param>
    /// <param name="protocols">HTTP versions spoken with TLS.</param>
    public static async Task<PictureServer> StartAsync(
        string? folder, TimeSpan delay = default, string? authority = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") { start.ArgumentList.Add(System.Reflection.Assembly.GetEntryAssembly()!.Location); }
        foreach (string argument in (string[])[Verb, folder ?? "", delay.ToString(), authority ?? "", protocols.ToString()])
        {
            start.ArgumentList.Add(argument);
        }
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The picture server did not start.");
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The picture server ended at once.");
        return new PictureServer(process, IPEndPoint.Parse(line));
    }

    /// <summary>The child process: serves any path with one of the pictures, chosen by the path, until its input closes.</summary>
    /// <param name="arguments">The arguments from <see cref="StartAsync"/>.</param>
    public static async Task RunAsync(string[] arguments)
    {
        if (arguments is not [Verb, var folder, var delay, var authority, var protocols])
        {
            throw new ArgumentException($"{Verb} is started by its parent only.");
        }
        byte[][] pictures = folder.Length == 0
            ? [.. DemoAssets.Pictures().Where(picture => picture.IsLargeEnough).Select(picture => picture.Bytes)]
            : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsPicture).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        if (pictures.Length == 0) { throw new InvalidOperationException($"No pictures in '{folder}'."); }
        using X509Certificate2? certificate = authority.Length == 0 ? null : LoopbackCertificate();
        if (certificate is not null) { await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem()); }
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(
            path => pictures[Index(path, pictures.Length)], certificate, Enum.Parse<HttpProtocols>(protocols), TimeSpan.Parse(delay,
                CultureInfo.InvariantCulture));
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

    // Self-signed: a client that trusts the file trusts the server.
    private static X509Certificate2 LoopbackCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    // The demo's paths name a picture by number, so that captions match; for any other path its hash selects one.
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

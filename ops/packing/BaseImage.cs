using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LaionStream.Packing;

/// <summary>
/// A base image of one layer, served on loopback as a registry serves it: the SDK takes base images from registries only, and a machine that reaches none has
/// the files all the same.
/// </summary>
internal sealed class BaseImage : IDisposable
{
    private const string Repository = "laion-base";
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly byte[] _manifest;

    private BaseImage(byte[] root, IEnumerable<string> environment, int port)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) { gzip.Write(root); }
        byte[] layer = packed.ToArray();
        byte[] configuration = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Env"] = new JsonArray([.. environment.Select(one => JsonValue.Create(one))]) },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(root)) },
            ["history"] = new JsonArray(new JsonObject { ["created_by"] = "local files" }),
        });
        _blobs[Digest(layer)] = layer;
        _blobs[Digest(configuration)] = configuration;
        _manifest = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor("application/vnd.docker.container.image.v1+json", configuration),
            ["layers"] = new JsonArray(Descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)),
        });
        Name = $"localhost:{port}/{Repository}:1";
        _listener.Prefixes.Add($"http://localhost:{port}/");
    }

    /// <summary>The image's name for <c>ContainerBaseImage</c>.</summary>
    public string Name { get; }

    /// <summary>Serves an image.</summary>
    /// <param name="rootArchive">A tar of its files.</param>
    /// <param name="environment">Variables, as <c>NAME=VALUE</c>.</param>
    public static BaseImage Serve(string rootArchive, IEnumerable<string> environment)
    {
        var image = new BaseImage(File.ReadAllBytes(rootArchive), environment, FreePort());
        image._listener.Start();
        _ = image.AnswerAllAsync();
        return image;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task AnswerAllAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }

            await AnswerAsync(context.Request, context.Response);
        }
    }

    private async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        string path = request.Url!.AbsolutePath;
        byte[]? content = path == "/v2/" ? "{}"u8.ToArray()
            : path.StartsWith($"/v2/{Repository}/manifests/", StringComparison.Ordinal) ? _manifest
            : path.StartsWith($"/v2/{Repository}/blobs/", StringComparison.Ordinal) ? _blobs.GetValueOrDefault(path[(path.LastIndexOf('/') + 1)..])
            : null;
        response.StatusCode = content is null ? (int)HttpStatusCode.NotFound : (int)HttpStatusCode.OK;
        content ??= Encoding.UTF8.GetBytes("{\"errors\":[]}");
        response.ContentType = content == _manifest ? ManifestType : "application/octet-stream";
        response.Headers["Docker-Content-Digest"] = Digest(content);
        response.ContentLength64 = content.Length;
        if (request.HttpMethod != "HEAD") { await response.OutputStream.WriteAsync(content); }
        response.Close();
    }

    private static JsonObject Descriptor(string type, byte[] content) =>
        new() { ["mediaType"] = type, ["size"] = content.Length, ["digest"] = Digest(content) };

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}

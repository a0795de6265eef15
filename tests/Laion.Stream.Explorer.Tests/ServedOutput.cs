using System.Net.Http.Json;
using System.Text.Json;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Settings;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Explorer.Tests;

/// <summary>An output that is served on a free port of this machine.</summary>
internal sealed class ServedOutput : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ExplorerServer _server;

    private ServedOutput(TempFolder folder, MadeOutput output, ExplorerServer server)
    {
        (_folder, Output, _server) = (folder, output, server);
        Client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>The output.</summary>
    public MadeOutput Output { get; }

    /// <summary>Sends requests to it.</summary>
    public HttpClient Client { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => _server.Address;

    /// <summary>Serves an output with the given parts.</summary>
    /// <param name="fill">Adds parts.</param>
    /// <param name="abilities">What the service can do.</param>
    /// <param name="change">Changes the settings.</param>
    public static async Task<ServedOutput> StartAsync(Func<MadeOutput, Task> fill, ExplorerAbilities? abilities = null, Action<ExplorerOptions>? change = null)
    {
        var folder = new TempFolder();
        var output = new MadeOutput(folder.At("out"));
        await fill(output);
        var options = new ExplorerOptions { Listen = "127.0.0.1:0", Refresh = TimeSpan.FromMilliseconds(200) };
        change?.Invoke(options);
        return new ServedOutput(
            folder, output, await ExplorerServer.StartAsync([output.Folder], options, abilities ?? new ExplorerAbilities(), NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None));
    }

    /// <summary>Serves folders that a test has made.</summary>
    /// <param name="world">Holds them; deleted with the service.</param>
    /// <param name="folders">Names below it.</param>
    /// <param name="abilities">What the service can do.</param>
    /// <param name="change">Changes the settings.</param>
    public static async Task<ServedOutput> StartAsync(TempFolder world, IReadOnlyList<string> folders, ExplorerAbilities? abilities = null, Action<ExplorerOptions>? change = null)
    {
        var options = new ExplorerOptions { Listen = "127.0.0.1:0", Refresh = TimeSpan.FromMilliseconds(200) };
        change?.Invoke(options);
        string[] paths = [.. folders.Select(folder => world.At(folder))];
        return new ServedOutput(
            world, new MadeOutput(paths[0]), await ExplorerServer.StartAsync(paths, options, abilities ?? new ExplorerAbilities(), NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None));
    }

    /// <summary>Serves a hundred rows with vectors of four numbers: row n points n degrees from the first axis.</summary>
    public static Task<ServedOutput> HundredAsync(ExplorerAbilities? abilities = null, Action<ExplorerOptions>? change = null) => StartAsync(
        output => output.AddPartAsync("en", [.. Enumerable.Range(0, 100).Select(MadeOutput.Row)], [.. Enumerable.Range(0, 100).Select(Degrees)], [.. Enumerable.Range(0, 100).Select(Degrees)]),
        abilities, change);

    /// <summary>A unit vector some degrees from the first axis.</summary>
    public static float[] Degrees(int degrees) => [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180), 0, 0];

    /// <summary>Posts JSON and reads the answer's.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using HttpResponseMessage answer = await Client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Asks and reads the answer's JSON, whatever the status.</summary>
    public async Task<(int Status, JsonElement Json)> AskAsync(HttpMethod method, string path, string? body = null, string? type = "application/json")
    {
        using var request = new HttpRequestMessage(method, Address.GetLeftPart(UriPartial.Authority) + path); // joined as text: //x is a path here
        if (body is not null)
        {
            request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
            if (type is not null) { request.Content.Headers.TryAddWithoutValidation("Content-Type", type); }
        }

        using HttpResponseMessage answer = await Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return ((int)answer.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}

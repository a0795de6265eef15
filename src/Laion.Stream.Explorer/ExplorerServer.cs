using System.Net;
using System.Text.Json.Serialization.Metadata;
using LaionStream.Explorer.Api;
using LaionStream.Explorer.Clip;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Exports;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Maps;
using LaionStream.Explorer.Pictures;
using LaionStream.Explorer.Queries;
using LaionStream.Explorer.Reports;
using LaionStream.Explorer.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LaionStream.Explorer;

/// <summary>The web service over output folders: searches, rows, counts, clip-retrieval's contract, and the page.</summary>
internal sealed partial class ExplorerServer : IAsyncDisposable
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly ExplorerData _data;
    private readonly RequestGuard _guard;
    private readonly WorkGate _gate;

    private ExplorerServer(WebApplication app, ExplorerData data, RequestGuard guard, WorkGate gate) => (_app, _data, _guard, _gate) = (app, data, guard, gate);

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Opens folders and begins to serve them.</summary>
    /// <param name="folders">Outputs, or folders of embeddings by clip-retrieval or autofaiss; at least one.</param>
    /// <param name="options">The settings.</param>
    /// <param name="abilities">What it can do beyond reading the output.</param>
    /// <param name="logs">Receives what it says.</param>
    /// <param name="clock">Measures times.</param>
    /// <param name="abort">Ends the start.</param>
    /// <exception cref="InvalidDataException">A folder is neither, folders cannot be searched together, or the keys cannot be used.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<ExplorerServer> StartAsync(
        IReadOnlyList<string> folders, ExplorerOptions options, ExplorerAbilities abilities, ILoggerFactory logs, TimeProvider clock, CancellationToken abort)
    {
        IPEndPoint endPoint = ListenAddress.Parse(options.Listen) ?? throw new InvalidDataException($"'{options.Listen}' is neither a port nor address:port.");
        var keys = new ApiKeys(options.KeyFile);
        ExplorerData data = ExplorerData.Open(folders, logs.CreateLogger<ExplorerData>());
        var guard = new RequestGuard(options, keys, clock);
        var gate = new WorkGate(options);
        ExplorerServer? server = null;
        try
        {
            server = new ExplorerServer(Build(endPoint, options, abilities, data, guard, gate, logs, clock), data, guard, gate);
            await server.StartAsync(endPoint, keys, options, logs.CreateLogger<ExplorerServer>(), clock, abort);
            return server;
        }
        catch
        {
            if (server is not null) { await server.DisposeAsync(); }
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)); // answers on their way are cut off
        await _app.DisposeAsync();
        await _data.DisposeAsync();
        _guard.Dispose();
        _gate.Dispose();
    }

    private async Task StartAsync(IPEndPoint endPoint, ApiKeys keys, ExplorerOptions options, ILogger log, TimeProvider clock, CancellationToken abort)
    {
        // A large output is made searchable while the service runs already; a small one is complete when the first request comes.
        Task first = _data.RefreshAsync(abort);
        await Task.WhenAny(first, Task.Delay(FirstLook, clock, abort));
        await _app.StartAsync(abort);
        _data.Follow(options.Refresh, clock);
        Log.Serves(log, Address.ToString());
        if (!IPAddress.IsLoopback(endPoint.Address) && !keys.AreAsked) { Log.ServesEveryone(log, Address.ToString()); }
    }

    private static WebApplication Build(
        IPEndPoint endPoint, ExplorerOptions options, ExplorerAbilities abilities, ExplorerData data, RequestGuard guard, WorkGate gate, ILoggerFactory logs, TimeProvider clock)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>(); // the verb takes the signals
        builder.Services.AddRouting();
        builder.Services.AddOpenApi(ApiDescription.Complete);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            // All that the API's description names: native code finds no type by itself.
            foreach (IJsonTypeInfoResolver types in (IJsonTypeInfoResolver[])[ClipJson.Default, ExportsJson.Default, ReportsJson.Default, MapsJson.Default,
                QueriesJson.Default, ApiJson.Default, HttpJson.Default])
            {
                json.SerializerOptions.TypeInfoResolverChain.Insert(0, types);
            }
        });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, endPoint, options));
        WebApplication app = builder.Build();
        app.UseMiddleware<ErrorAnswers>();
        app.Use(next => context => DoubledSlashes.MergeAsync(context, next));
        app.Use(next => context => guard.InvokeAsync(context, next));
        app.UseRouting();
        Map(app, options, abilities, data, gate, isPrivate: IPAddress.IsLoopback(endPoint.Address) || !string.IsNullOrEmpty(options.KeyFile), clock);
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, IPEndPoint endPoint, ExplorerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1024, TimeSpan.FromSeconds(5));
        kestrel.Listen(endPoint);
    }

    private static void Map(WebApplication app, ExplorerOptions options, ExplorerAbilities abilities, ExplorerData data, WorkGate gate, bool isPrivate,
        TimeProvider clock)
    {
        var query = new QueryVector(abilities.Models, options.Fetch ? abilities.Fetch : null);
        var searcher = new Searcher(data, query, gate);
        var page = new PageFiles();
        app.MapOpenApi();
        app.MapGet("/healthz", (HttpContext context) => context.Response.WriteAsync("ok\n")).ExcludeFromDescription();
        var facets = new Facets(data, searcher, gate);
        new ExplorerApi(data, abilities, searcher, facets, new Thumbnails(data, abilities, options), clock).Map(app);
        new MapApi(data, searcher, gate).Map(app);
        new ExportApi(data, searcher, options).Map(app);
        new ReportApi(data, facets, isPrivate, clock).Map(app);
        new ClipApi(data, searcher, query, gate, clock).Map(app);
        app.MapGet("/", (HttpContext context) => page.AnswerAsync(context, "index.html")).ExcludeFromDescription();
        app.MapGet("/app/{**name}", (HttpContext context, string name) => page.AnswerAsync(context, name)).ExcludeFromDescription();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(3100, LogLevel.Information, "The explorer listens on {Address}.")]
        public static partial void Serves(ILogger log, string address);

        [LoggerMessage(3102, LogLevel.Warning, "Everyone who reaches {Address} can read the output: Explorer:KeyFile asks for a key.")]
        public static partial void ServesEveryone(ILogger log, string address);
    }
}

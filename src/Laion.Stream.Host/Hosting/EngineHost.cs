using System.Net.Sockets;
using LaionStream.Engine;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Engine.Handles;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.Explorer.Settings;
using LaionStream.Host.Configuration;
using LaionStream.Host.Live;
using LaionStream.Host.Telemetry;
using LaionStream.Search.Index;
using Microsoft.Extensions.Options;
using Serilog.Core;

namespace LaionStream.Host.Hosting;

/// <summary>What every verb that runs the engine uses: checked settings, logs, services, signals, and live settings.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly ServiceProvider _services;
    private readonly Logger _logger;
    private readonly Task _watching;
    private readonly MetricsExport? _metrics;
    private readonly LiveTerminal? _terminal;
    private readonly LiveLog? _log;

    private EngineHost(ServiceProvider services, Logger logger, LiveSettings live, Signals signals, MetricsExport? metrics, LiveTerminal? terminal, LiveLog? log)
    {
        (_metrics, _terminal, _log) = (metrics, terminal, log);
        Signals = signals;
        _services = services;
        _logger = logger;
        _watching = live.WatchAsync(_ended.Token);
    }

    /// <summary>The engine's services.</summary>
    public IServiceProvider Services => _services;

    /// <summary>The folder that the verb writes.</summary>
    public string OutputFolder => _services.GetRequiredService<IOptions<WritingOptions>>().Value.Path;

    /// <summary>Stop and abort, as requested by the operator.</summary>
    public Signals Signals { get; }

    /// <summary>Reads and checks the settings and builds the services.</summary>
    /// <param name="config">Value of <c>--config</c>.</param>
    /// <param name="settings">Keys from the command line; they override the file.</param>
    /// <param name="logsBesideOutput">Whether the JSON log is written below the output folder.</param>
    /// <param name="more">Services in addition to the engine's; the verbs need none.</param>
    /// <param name="needs">What the verb needs in addition to valid settings.</param>
    /// <param name="terminal">The terminal that runs are shown on; null for log lines only.</param>
    /// <exception cref="UsageException">There are errors in the settings or in what the verb needs, or the process may open too few files and sockets. Nothing
    /// was created.</exception>
    public static EngineHost Start(
        string? config, IReadOnlyDictionary<string, string?> settings, bool logsBesideOutput, Action<IServiceCollection>? more = null, StartNeeds needs =
            StartNeeds.None, LiveTerminal? terminal = null)
    {
        LaionConfiguration source = LaionConfiguration.Find(config, settings);
        IConfigurationRoot checkedOnce = source.Read();
        string[] strange = [.. StrangeVariables.Find(Environment.GetEnvironmentVariables())];
        string[] errors = [.. HandleErrors(), .. source.KeysOutside(), .. SettingsRules.Errors(checkedOnce), .. StartCheck.Errors(checkedOnce, needs)];
        if (errors.Length > 0) { throw new UsageException([.. errors, .. strange]); }

        LogOptions logOptions = checkedOnce.GetSection("Laion:Log").Get<LogOptions>() ?? new LogOptions();
        WritingOptions writing = checkedOnce.GetSection("Laion:Writing").Get<WritingOptions>() ?? new WritingOptions();
        MetricsOptions metrics = checkedOnce.GetSection("Laion:Metrics").Get<MetricsOptions>() ?? new MetricsOptions();
        bool hasMetrics = logsBesideOutput && MetricsExport.IsAsked(metrics);
        Socket? socket = hasMetrics ? MetricsExport.Listen(metrics) : null;
        var level = new LoggingLevelSwitch();
        LiveLog? shown = null;
        Logger logger = LogSetup.Create(logOptions, logsBesideOutput ? writing.Path : null, level,
            terminal is null ? null : (console, template) => shown = new LiveLog(console, template));
        ILoggerFactory logs = new Serilog.Extensions.Logging.SerilogLoggerFactory(logger);
        StrangeVariables.Report(strange, logs.CreateLogger(typeof(StrangeVariables)));

        var live = new LiveSettings(source, SettingsRules.Errors, TimeProvider.System, logs.CreateLogger<LiveSettings>());

        // Not AddConfiguration: a chained provider treats an empty value as a missing one, and empty means "none" (Laion:Models:Fallback).
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(checkedOnce.AsEnumerable().Where(pair => pair.Value is not null))
            .Add(live).Build();

        var services = new ServiceCollection();
        services.AddSingleton(logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddOptions<LogOptions>().Bind(configuration.GetSection("Laion:Log"));
        services.AddOptions<ExplorerOptions>().Bind(configuration.GetSection("Laion:Explorer"));
        services.AddOptions<IndexOptions>().Bind(configuration.GetSection("Laion:Index"));
        services.AddLaionEngine(configuration);
        services.AddSingleton(new RunOrigin(OwnSettings.Command(Environment.GetCommandLineArgs()), OwnSettings.Of(checkedOnce)));
        if (ProcessEnd.OfProgram is { } end)
        {
            end.Logs = logger;
            services.AddSingleton<IProcessEnd>(end);
        }

        if (DecodeCommand.OfProgram is { } decoder) { services.AddSingleton<IDecodeProgram>(decoder); }

        more?.Invoke(services);
        ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<IOptionsMonitor<LogOptions>>().OnChange(options => level.MinimumLevel = options.Level);
        PipelineOptions pipeline = checkedOnce.GetSection("Laion:Pipeline").Get<PipelineOptions>() ?? new PipelineOptions();
        MetricsExport? export = hasMetrics
            ? MetricsExport.Start(metrics, socket, provider.GetRequiredService<RunReadiness>(), logs.CreateLogger<MetricsExport>())
            : null;
        return new EngineHost(provider, logger, live, new Signals(ProcessEnd.OfProgram, pipeline.AbortGrace), export, terminal, shown);
    }

    /// <summary>Executes a run, and shows it where there is a terminal.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="run">Executes it.</param>
    public async Task<RunReport> ShowAsync(string verb, Func<Task<RunReport>> run)
    {
        using LiveRun? view = _terminal is null || _log is null ? null
            : new LiveRun(verb, _services.GetRequiredService<RunGlances>(), _terminal, _log, Signals.Stop);
        return await run();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        if (_metrics is not null) { await _metrics.DisposeAsync(); }
        await _services.DisposeAsync();
        try
        {
            await _logger.DisposeAsync();
        }
        catch (IOException e)
        {
            // A full disk does not accept the last log lines either; that must not turn an orderly end into a crash.
            await Console.Error.WriteLineAsync($"The log could not be finished: {e.Message}");
        }

        Signals.Dispose();
        _ended.Dispose();
    }

    private static string[] HandleErrors()
    {
        try
        {
            HandlePlan.CheckLeast(HandleLimit.Most());
            return [];
        }
        catch (HandleLimitException e)
        {
            return [e.Message];
        }
    }
}

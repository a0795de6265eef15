using System.Globalization;
namespace LaionStream.Host.Configuration;

/// <summary>
/// Applies changes of the settings file during a run. A file that is not valid is reported and changes nothing: a mistake in an editor
/// must not end a run of weeks. Keys that are not live are reported as needing a restart.
/// </summary>
/// <param name="source">Reads the settings again.</param>
/// <param name="check">Lists the errors in them.</param>
/// <param name="clock">Schedules checks of the file.</param>
/// <param name="log">Logs changes.</param>
internal sealed partial class LiveSettings(
    LaionConfiguration source,
    Func<IConfiguration, IReadOnlyList<string>> check,
    TimeProvider clock,
    ILogger<LiveSettings> log) : ConfigurationProvider, IConfigurationSource
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // One pattern for each key that appsettings.json marks as live; * matches one segment.
    private static readonly string[] LiveKeys =
    [
        "Laion:Download:Concurrency", "Laion:Download:Timeout", "Laion:Download:ConnectTimeout", "Laion:Download:MinThroughput", "Laion:Download:ThroughputWindow",
        "Laion:Download:StallAfter", "Laion:Download:MaxStalled", "Laion:Download:MaxIdle", "Laion:Download:MaxRedirects", "Laion:Download:Retries", "Laion:Download:RetryDelay", "Laion:Download:MaxPendingPerHost",
        "Laion:Download:MaxHostWait", "Laion:Download:PerHost:*", "Laion:Download:Breaker:*", "Laion:Download:Outage:*", "Laion:Inference:Linger", "Laion:Inference:BatchSize", "Laion:Pipeline:*:Parallelism", "Laion:Log:Level",
    ];

    private Dictionary<string, string?> _current = [];

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Whether a key takes effect on save.</summary>
    public static bool IsLive(string key) => LiveKeys.Any(pattern => Matches(pattern.Split(':'), key.Split(':')));

    /// <summary>Watches until <paramref name="ended"/>.</summary>
    public async Task WatchAsync(CancellationToken ended)
    {
        _current = Flatten(source.Read());
        if (source.File is not { } file) { return; }
        DateTime seen = File.GetLastWriteTimeUtc(file);
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (!ended.IsCancellationRequested)
        {
            await ((Task)timer.WaitForNextTickAsync(ended).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            DateTime now = File.GetLastWriteTimeUtc(file);
            if (ended.IsCancellationRequested || now == seen) { continue; }
            seen = now;
            Take();
        }
    }

    /// <summary>Reads the settings again and applies the live ones.</summary>
    public void Take()
    {
        IConfigurationRoot fresh;
        try
        {
            fresh = source.Read();
        }
        catch (Exception e) when (e is UsageException or IOException)
        {
            Log.Refused(log, source.File, e.Message);
            return;
        }

        IReadOnlyList<string> errors = check(fresh);
        if (errors.Count > 0)
        {
            Log.Refused(log, source.File, string.Join(" ", errors));
            return;
        }

        Dictionary<string, string?> next = Flatten(fresh);
        bool changed = false;
        foreach (string key in next.Keys.Union(_current.Keys).Where(key => next.GetValueOrDefault(key) != _current.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal))
        {
            string? value = next.GetValueOrDefault(key);
            if (!IsLive(key))
            {
                Log.NeedsRestart(log, key, Logged(value));
                continue;
            }

            // A live key removed from the file keeps its last value: only the options class knows its default.
            if (value is null) { continue; }
            Set(key, value);
            changed = true;
            Log.Taken(log, key, Logged(value));
        }

        _current = next;
        if (changed) { OnReload(); }
    }

    /// <summary>A setting's value as the log has it: a number as a number.</summary>
    private static object? Logged(string? value) =>
        decimal.TryParse(value, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal number) ? number : value;

    private static Dictionary<string, string?> Flatten(IConfiguration configuration) =>
        configuration.GetSection("Laion").AsEnumerable().Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);

    private static bool Matches(string[] pattern, string[] key) =>
        pattern.Length == key.Length
            && pattern.Zip(key).All(pair => pair.First == "*" || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Information, "Setting applied: {Key} = {Value}")]
        public static partial void Taken(ILogger log, string key, object? value);

        [LoggerMessage(101, LogLevel.Warning, "Setting changed but not applied: {Key} = {Value} needs a restart")]
        public static partial void NeedsRestart(ILogger log, string key, object? value);

        [LoggerMessage(102, LogLevel.Error, "{File} is not valid and changes nothing: {Errors}")]
        public static partial void Refused(ILogger log, string? file, string errors);
    }
}

using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.Explorer.Settings;
using LaionStream.Models.Onnx;
using LaionStream.Search.Index;

namespace LaionStream.Host.Configuration;

/// <summary>Finds all errors in the settings at once: keys and forms, ranges, the files that they name, and the rules between keys.</summary>
internal static class SettingsRules
{
    /// <summary>One line per error, each starting with its key.</summary>
    /// <remarks>A key with an error has its default in the checks that follow, so that one mistake hides no other and is reported once.</remarks>
    public static IReadOnlyList<string> Errors(IConfiguration configuration)
    {
        List<SettingError> errors = [.. configuration.GetSection("Laion").GetChildren().Where(section => !KnownKeys.Sections.ContainsKey(section.Key))
            .Select(section => new SettingError(section.Path,
                $"there is no such section{SettingsCheck.End(Spelling.Hint(section.Key, KnownKeys.Sections.Keys))}"))];
        foreach ((string name, Type type) in KnownKeys.Sections) { errors.AddRange(SettingsCheck.Errors(configuration.GetSection("Laion:" + name), type)); }

        IConfiguration formal = Without(configuration, errors);
        foreach ((string name, Type type) in KnownKeys.Sections)
        {
            errors.AddRange(SettingsRanges.Errors("Laion:" + name, formal.GetSection("Laion:" + name).Get(type) ?? Activator.CreateInstance(type)!));
        }

        return [.. errors.Select(error => error.ToString()), .. AcrossRooms(Without(configuration, errors))];
    }

    private static IConfigurationRoot Without(IConfiguration configuration, List<SettingError> errors) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.GetSection("Laion").AsEnumerable()
            .Where(pair => pair.Value is not null && !errors.Exists(error => IsOrIsBelow(pair.Key, error.Key))))
        .Build();

    private static bool IsOrIsBelow(string key, string group) =>
        key.StartsWith(group, StringComparison.OrdinalIgnoreCase) && (key.Length == group.Length || key[group.Length] == ':');

    private static IEnumerable<string> AcrossRooms(IConfigurationRoot configuration)
    {
        T Get<T>(string section) where T : new() => configuration.GetSection("Laion:" + section).Get<T>() ?? new T();
        var pipeline = Get<PipelineOptions>("Pipeline");
        var download = Get<DownloadOptions>("Download");
        return PipelineOptionsRules.Errors(pipeline, download, Get<WritingOptions>("Writing"))
            .Concat(CandidateOptionsRules.Errors(Get<CandidateOptions>("Candidates")))
            .Concat(Get<InferenceOptions>("Inference").Devices is []
                ? ["Laion:Inference:Devices: the list names no device; 0 is the first."]
                : Array.Empty<string>())
            .Concat(ImagingOptionsRules.Errors(Get<ImagingOptions>("Imaging")))
            .Concat(FilterOptionsRules.Errors(Get<FilterOptions>("Filtering")))
            .Concat(MetricsOptionsRules.Errors(Get<MetricsOptions>("Metrics")))
            .Concat(IndexErrors(Get<IndexOptions>("Index")))
            .Concat(ListenAddress.Parse(Get<ExplorerOptions>("Explorer").Listen) is null
                ? ["Laion:Explorer:Listen: neither a port nor address:port, such as 8080, 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080."]
                : Array.Empty<string>())
            .Concat(new DownloadOptionsRules().Validate(null, download).Failures ?? []);
    }

    private static IEnumerable<string> IndexErrors(IndexOptions index)
    {
        if (index.SegmentRows < index.ExactBelow) { yield return $"Laion:Index:SegmentRows: {index.SegmentRows} is less than ExactBelow, {index.ExactBelow}: no segment would be built."; }
        if (index.MaxSegmentRows < index.SegmentRows) { yield return $"Laion:Index:MaxSegmentRows: {index.MaxSegmentRows} is less than SegmentRows, {index.SegmentRows}."; }
    }
}

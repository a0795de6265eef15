using LaionStream.Engine;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;

namespace LaionStream.Host.Configuration;

/// <summary>Everything that can be wrong with the settings, all at once: keys, forms and ranges of each section, then the rules across rooms.</summary>
internal static class SettingsRules
{
    private static readonly Dictionary<string, Type> Sections =
        new(EngineSections.Types, StringComparer.OrdinalIgnoreCase) { ["Log"] = typeof(LogOptions) };

    /// <summary>One line per error, each beginning with its key.</summary>
    public static IReadOnlyList<string> Errors(IConfiguration configuration)
    {
        var errors = new List<string>();
        foreach (IConfigurationSection section in configuration.GetSection("Laion").GetChildren())
        {
            if (!Sections.ContainsKey(section.Key)) { errors.Add($"{section.Path}: there is no such section (known: {string.Join(", ", Sections.Keys.Order(StringComparer.Ordinal))})."); }
        }

        foreach ((string name, Type type) in Sections) { errors.AddRange(SettingsCheck.Errors(configuration.GetSection("Laion:" + name), type)); }
        return errors.Count > 0 ? errors : [.. AcrossRooms(configuration)];
    }

    private static IEnumerable<string> AcrossRooms(IConfiguration configuration)
    {
        T Get<T>(string section) where T : new() => configuration.GetSection("Laion:" + section).Get<T>() ?? new T();
        var pipeline = Get<PipelineOptions>("Pipeline");
        var download = Get<DownloadOptions>("Download");
        return PipelineOptionsRules.Errors(pipeline, download, Get<WritingOptions>("Writing"))
            .Concat(FilterOptionsRules.Errors(Get<FilterOptions>("Filtering")))
            .Concat(new DownloadOptionsRules().Validate(null, download).Failures ?? []);
    }
}

using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Engine;

/// <summary>The engine's sections of the configuration, one line per module.</summary>
public static class EngineSections
{
    private static readonly Section[] Sections =
    [
        new Section<InputOptions>("Input"),
        new Section<CandidateOptions>("Candidates"),
        new Section<WatOptions>("Wat"),
        new Section<OptOutOptions>("OptOut"),
        new Section<DownloadOptions>("Download"),
        new Section<ImagingOptions>("Imaging"),
        new Section<ModelOptions>("Models"),
        new Section<InferenceOptions>("Inference"),
        new Section<FilterOptions>("Filtering"),
        new Section<WritingOptions>("Writing"),
        new Section<PipelineOptions>("Pipeline"),
    ];

    /// <summary>Section name below <c>Laion</c> and the options class bound to it.</summary>
    public static IReadOnlyDictionary<string, Type> Types { get; } =
        Sections.ToDictionary(section => section.Name, section => section.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>Binds every section, so that modules can take <c>IOptions</c> and <c>IOptionsMonitor</c> of theirs.</summary>
    public static void Bind(IServiceCollection services, IConfiguration configuration)
    {
        foreach (Section section in Sections) { section.Bind(services, configuration.GetSection("Laion:" + section.Name)); }
    }

    private abstract record Section(string Name, Type Type)
    {
        public abstract void Bind(IServiceCollection services, IConfigurationSection section);
    }

    private sealed record Section<T>(string Name) : Section(Name, typeof(T))
        where T : class
    {
        public override void Bind(IServiceCollection services, IConfigurationSection section) => services.AddOptions<T>().Bind(section);
    }
}

using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.Engine.Language;
using LaionStream.Engine.Run;
using LaionStream.Text.Languages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine;

/// <summary>Registration of the engine, one line per room.</summary>
public static class EngineServices
{
    /// <summary>Adds the engine and binds its options to <c>Laion:*</c>.</summary>
    public static IServiceCollection AddLaionEngine(this IServiceCollection services, IConfiguration configuration)
    {
        EngineSections.Bind(services, configuration);
        services.AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => InputOpener.CreateClient());

        services.AddSingleton(provider => new CaptionRules(Of<CandidateOptions>(provider)));
        services.AddSingleton(provider => new UrlRules(Of<CandidateOptions>(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IInputOpener, InputOpener>();
        services.AddSingleton<WatReader>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<WarcReader>(provider, Of<DownloadOptions>(provider).FromArchive));
        services.AddSingleton<CandidateReaders>();
        services.AddSingleton<InputExpansion>();
        services.AddSingleton<ILanguageModel>(new Cld3LanguageModel());
        services.AddSingleton<LanguageStage>();
        services.AddSingleton<DatasetRun>();
        services.AddSingleton<ExtractRun>();
        return services;
    }

    private static T Of<T>(IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}

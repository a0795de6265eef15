using LaionStream.Engine.Candidates;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Scoring;

/// <summary>Registration of the module.</summary>
internal static class ScoringServices
{
    /// <summary>Adds the models of a run, and the inputs that they need of each picture. Tests replace <see cref="RunModels"/>.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="mayBeNone">Whether a run without models is allowed.</param>
    /// <param name="keeps">Which embeddings the run's output needs.</param>
    public static IServiceCollection AddScoring(this IServiceCollection services, Func<IServiceProvider, bool> mayBeNone,
        Func<IServiceProvider, KeptVectors> keeps) => services
        .AddScoped(run => RunModels.Load(
            run.GetRequiredService<IOptions<ModelOptions>>().Value,
            run.GetRequiredService<IOptionsMonitor<InferenceOptions>>().CurrentValue,
            mayBeNone(run),
            run.GetRequiredService<IOptions<CandidateOptions>>().Value.Rules,
            run.GetRequiredService<ILoggerFactory>(),
            keeps(run)))
        .AddScoped(run => run.GetRequiredService<RunModels>().PixelSpecs);
}

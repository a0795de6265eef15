using LaionStream.Engine.Scoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Filtering;

/// <summary>Registration of the module.</summary>
internal static class FilteringServices
{
    /// <summary>Adds the stages that compare a run's scores with the limits.</summary>
    public static IServiceCollection AddFiltering(this IServiceCollection services) => services
        .AddScoped(run =>
        {
            RunModels models = run.GetRequiredService<RunModels>();
            return new SimilarityRules(run.GetRequiredService<IOptions<FilterOptions>>().Value, models.Scores, models.HasMultilingualText);
        })
        .AddScoped<SimilarityCounts>()
        .AddScoped<SimilarityStage>()
        .AddScoped<LimitsStage>();
}

using LaionStream.Engine.Scoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Filtering;

/// <summary>Registration of the module.</summary>
internal static class FilteringServices
{
    /// <summary>Adds the filter stage of a run, which compares the scores of the run's models.</summary>
    public static IServiceCollection AddFiltering(this IServiceCollection services) => services.AddScoped(run =>
    {
        RunModels models = run.GetRequiredService<RunModels>();
        return new FilterStage(new SimilarityRules(run.GetRequiredService<IOptions<FilterOptions>>().Value, models.Scores, models.HasMultilingualText));
    });
}

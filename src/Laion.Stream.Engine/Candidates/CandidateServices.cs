using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Candidates;

/// <summary>Registration of the module.</summary>
internal static class CandidateServices
{
    /// <summary>Adds the rules by which a link becomes a candidate.</summary>
    public static IServiceCollection AddCandidates(this IServiceCollection services) => services
        .AddSingleton(provider => new CaptionRules(provider.GetRequiredService<IOptions<CandidateOptions>>().Value))
        .AddSingleton(provider => new UrlRules(provider.GetRequiredService<IOptions<CandidateOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Candidates;

/// <summary>Registration of the module.</summary>
internal static class CandidateServices
{
    /// <summary>Adds the rules by which a link becomes a candidate.</summary>
    /// <param name="services">Receives them.</param>
    /// <param name="opened">Extensions that the settings of pictures open.</param>
    public static IServiceCollection AddCandidates(this IServiceCollection services, Func<IServiceProvider, IEnumerable<string>> opened) => services
        .AddSingleton(provider => new CaptionRules(provider.GetRequiredService<IOptions<CandidateOptions>>().Value))
        .AddSingleton(provider =>
            new UrlRules(provider.GetRequiredService<IOptions<CandidateOptions>>().Value, provider.GetRequiredService<TimeProvider>(), opened(provider)));
}

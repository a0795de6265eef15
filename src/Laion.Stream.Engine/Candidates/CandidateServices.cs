using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Candidates;

/// <summary>Registration of the module.</summary>
internal static class CandidateServices
{
    /// <summary>Adds the rules by which a link becomes a candidate.</summary>
    /// <param name="services">Receives them.</param>
    /// <param name="opened">Extensions that the settings of pictures open.</param>
    /// <param name="keepsRejected">Whether the run writes dropped rows.</param>
    public static IServiceCollection AddCandidates(
        this IServiceCollection services, Func<IServiceProvider, IEnumerable<string>> opened, Func<IServiceProvider, bool> keepsRejected) => services
        .AddSingleton(provider => new RejectedLinks(keepsRejected(provider)))
        .AddSingleton(provider => new CaptionRules(provider.GetRequiredService<IOptions<CandidateOptions>>().Value))
        .AddSingleton(provider =>
            new UrlRules(provider.GetRequiredService<IOptions<CandidateOptions>>().Value, provider.GetRequiredService<TimeProvider>(), opened(provider)));
}

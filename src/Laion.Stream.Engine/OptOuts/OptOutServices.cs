using LaionStream.Engine.Ledger.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.OptOuts;

/// <summary>Registration of the module.</summary>
internal static class OptOutServices
{
    /// <summary>Adds a run's policy and its judge.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="headers">The older key for headers.</param>
    /// <param name="robots">The older key for robots.txt.</param>
    /// <param name="agent">Our name in signals.</param>
    /// <param name="output">The output folder: an output of an earlier version is continued as that version would.</param>
    public static IServiceCollection AddOptOuts(
        this IServiceCollection services, Func<IServiceProvider, bool> headers, Func<IServiceProvider, bool> robots, Func<IServiceProvider, string> agent,
        Func<IServiceProvider, string> output) => services
        .AddScoped(run => OptOutPolicy.Of(
            run.GetRequiredService<IOptions<OptOutOptions>>().Value, headers(run), robots(run), RunFingerprint.Find(output(run))))
        .AddScoped(run => new OptOutJudge(run.GetRequiredService<OptOutPolicy>(), agent(run)));
}

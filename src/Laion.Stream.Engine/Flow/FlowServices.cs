using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Engine.Flow;

/// <summary>Registration of the module.</summary>
internal static class FlowServices
{
    /// <summary>Adds the graph of a run, which ends with the run's <see cref="RunSignals"/>.</summary>
    public static IServiceCollection AddFlow(this IServiceCollection services) => services.AddScoped(run => new FlowBuilder(
        run.GetRequiredService<IDropSink>(), run.GetRequiredService<TimeProvider>(), run.GetRequiredService<RunSignals>()
            .Abort, run.GetRequiredService<IMeterFactory>()));
}

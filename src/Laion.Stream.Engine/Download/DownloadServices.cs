using System.Diagnostics.Metrics;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Download;

/// <summary>Registration of the module.</summary>
internal static class DownloadServices
{
    /// <summary>
    /// Adds the download module of a run. The run provides its <see cref="FlightBudgets"/> and its <see cref="HandlePlanner"/>; tests replace
    /// <see cref="DownloadTestHooks"/>.
    /// </summary>
    public static IServiceCollection AddDownload(this IServiceCollection services) => services
        .AddSingleton(new DownloadTestHooks())
        .AddScoped(run =>
        {
            OptOutJudge optOuts = run.GetRequiredService<OptOutJudge>();
            return new DownloadModule(
                run.GetRequiredService<IOptionsMonitor<DownloadOptions>>(),
                _ => optOuts,
                run.GetRequiredService<FlightBudgets>().Bodies,
                run.GetRequiredService<TimeProvider>(),
                run.GetRequiredService<IMeterFactory>(),
                run.GetRequiredService<ILoggerFactory>(),
                run.GetRequiredService<HandlePlanner>(),
                run.GetRequiredService<DownloadTestHooks>());
        });
}

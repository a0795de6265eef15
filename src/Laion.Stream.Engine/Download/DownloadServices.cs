using System.Diagnostics.Metrics;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
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
    /// <param name="services">The collection to add to.</param>
    /// <param name="output">The output folder: an output that was begun without cookies goes on without them.</param>
    public static IServiceCollection AddDownload(this IServiceCollection services, Func<IServiceProvider, string> output) => services
        .AddSingleton(new DownloadTestHooks())
        .AddScoped(run => CookieSwitch.Of(run.GetRequiredService<IOptions<DownloadOptions>>().Value.Cookies, RunFingerprint.Find(output(run))))
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
                run.GetRequiredService<DownloadTestHooks>(),
                run.GetRequiredService<CookieSwitch>().IsOn,
                new RemovedLists(RunState.StateFolder(output(run))));
        });
}

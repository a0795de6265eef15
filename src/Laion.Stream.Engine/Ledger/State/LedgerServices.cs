using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.Format;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Registration of the module.</summary>
internal static class LedgerServices
{
    /// <summary>Adds the open output of a run, which the run's <see cref="OutputRequest"/> names. Asking for it takes the output's lock.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddSingleton<IDisk, LocalDisk>()
        .AddScoped(Open)
        .AddScoped<IDropSink>(run => run.GetRequiredService<RunState>().Ledger);

    private static RunState Open(IServiceProvider run)
    {
        OutputRequest output = run.GetRequiredService<OutputRequest>();
        return RunState.Open(
            output.Path, output.Fingerprint, output.Inputs, output.Tuning, run.GetRequiredService<TimeProvider>(), run.GetRequiredService<ILoggerFactory>(), run.GetRequiredService<IDisk>(),
            output.TakesNewInputs);
    }
}

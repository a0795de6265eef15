using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>Registration of the module. Scoped services live as long as one run; <see cref="RunSession"/> opens and closes the scope.</summary>
internal static class RunServices
{
    /// <summary>Adds the verbs, their common session, and both kinds of run.</summary>
    public static IServiceCollection AddRun(this IServiceCollection services)
    {
        services.AddSingleton(RunOrigin.Unknown).AddSingleton<RunReadiness>().AddSingleton<RunGlances>().AddSingleton<DatasetRun>().AddSingleton<ExtractRun>().AddSingleton<RunSession>();
        services.AddScoped<DatasetPlan>().AddScoped<DatasetGraph>().AddScoped<DatasetWriters>().AddScoped<GuardedDecode>();
        services.AddScoped<CandidatePlan>().AddScoped<CandidateGraph>().AddScoped<RunMetrics>();
        return services.AddContext().AddLimits().AddWatches();
    }

    /// <summary>Adds what the session provides to the modules of a run.</summary>
    private static IServiceCollection AddContext(this IServiceCollection services) => services
        .AddScoped<RunContext>()
        .AddScoped(run => run.GetRequiredService<RunContext>().Signals)
        .AddScoped(run => run.GetRequiredService<RunContext>().Output);

    /// <summary>Adds what a run may use: memory, handles, and the options of its graph. The settings are those at its start.</summary>
    private static IServiceCollection AddLimits(this IServiceCollection services) => services
        .AddScoped(run => run.GetRequiredService<IOptionsMonitor<PipelineOptions>>().CurrentValue)
        .AddScoped<DownloadHandles>()
        .AddScoped(run => run.GetRequiredService<DownloadHandles>().Planner)
        .AddScoped(run =>
        {
            PipelineOptions options = run.GetRequiredService<PipelineOptions>();
            return new FlightBudgets(BodySteps.Slice(options.BodySlice), new ByteBudget("pixels", options.PixelSlice));
        })
        .AddScoped(run => GraphOptions.Of(
            run.GetRequiredService<PipelineOptions>(),
            run.GetRequiredService<IOptionsMonitor<DownloadOptions>>(),
            run.GetRequiredService<IOptionsMonitor<InferenceOptions>>(),
            run.GetRequiredService<IOptions<ImagingOptions>>().Value,
            run.GetRequiredService<RunModels>()));

    /// <summary>Adds the services that watch a run. Without an <see cref="IProcessEnd"/>, as inside another program, the guard only reports.</summary>
    private static IServiceCollection AddWatches(this IServiceCollection services) => services
        .AddScoped(run => new RunGuard(
            run.GetRequiredService<PipelineOptions>(), run.GetService<IProcessEnd>(), run.GetRequiredService<TimeProvider>(), run.GetRequiredService<ILogger<RunGuard>>()))
        .AddTransient<TuneHeadroomReader>() // each measures the processors between its own calls
        .AddScoped(run => new TuneWatch(
            () => run.GetRequiredService<FlowBuilder>().Gauges.Bottleneck,
            run.GetRequiredService<TuneHeadroomReader>().Read,
            run.GetRequiredService<TimeProvider>(),
            run.GetRequiredService<ILogger<TuneWatch>>()))
        .AddScoped(run => new InputWatch(
            run.GetRequiredService<RunState>(),
            run.GetRequiredService<CandidateReaders>(),
            run.GetRequiredService<IInputOpener>(),
            run.GetRequiredService<IOptions<InputOptions>>().Value,
            run.GetRequiredService<ILogger<InputWatch>>()));
}

using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs;

/// <summary>Registration of the module.</summary>
internal static class InputServices
{
    /// <summary>Adds what expands, opens and reads input files.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="fromArchive">Whether the pictures of WARC files are used for their links.</param>
    /// <param name="output">The output folder; data that is piped in and lists of pictures are stored in its state.</param>
    public static IServiceCollection AddInputs(this IServiceCollection services, Func<IServiceProvider, bool> fromArchive, Func<IServiceProvider, string> output)
    {
        // If no scheduler gives it, InputCheck has refused the setting.
        services.PostConfigure<InputOptions>(options =>
        {
            if (options.Share == SchedulerShare.Auto && SchedulerShare.TryFind(options.Shares, Environment.GetEnvironmentVariable, out string share, out _))
            {
                options.Share = share;
            }
        });
        services.AddSingleton(_ => InputOpener.CreateClient());
        services.AddSingleton<IInputOpener, InputOpener>();
        services.AddSingleton(provider => new StandardInput(Console.OpenStandardInput, Spool(provider)));
        services.AddSingleton(provider => new FoundOutputs(output(provider)));
        services.AddSingleton(provider => new PictureListing(Spool(provider), new LocalDisk(), provider.GetRequiredService<FoundOutputs>()));
        services.AddSingleton<InputExpansion>();
        // a run's opt-outs depend on its output
        services.AddScoped(provider => ActivatorUtilities.CreateInstance<WarcReader>(provider, fromArchive(provider)));

        services.AddScoped<InputProgress>();
        services.AddScoped<CandidateReaders>(); // lists are read with the columns that all lists of a run share
        services.AddScoped(provider =>
            new DedupeIndex(provider.GetRequiredService<RunState>(), provider.GetRequiredService<IOptions<CandidateOptions>>().Value.Rules));
        return services;

        string Spool(IServiceProvider provider) => Path.Combine(output(provider), "state");
    }
}

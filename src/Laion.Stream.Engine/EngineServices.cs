using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Language;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.Engine.Scoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine;

/// <summary>Registration of the engine, one line per module. A service that is registered again afterwards replaces the engine's; tests use that.</summary>
public static class EngineServices
{
    /// <summary>Adds the engine and binds its options to <c>Laion:*</c>.</summary>
    public static IServiceCollection AddLaionEngine(this IServiceCollection services, IConfiguration configuration)
    {
        // Compressed data that end early are an error. A program that embeds the engine and decompresses anything before this call must set the switch in its
        // build.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        EngineSections.Bind(services, configuration);
        return services
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddFlow()
            .AddLedger()
            .AddOptOuts(
                headers: provider => Of<DownloadOptions>(provider).RespectHeaders,
                robots: provider => Of<DownloadOptions>(provider).Robots,
                agent: provider => Of<CandidateOptions>(provider).Agent,
                output: provider => Of<WritingOptions>(provider).Path)
            .AddCandidates(
                opened: provider => Of<ImagingOptions>(provider).OpenedExtensions,
                keepsRejected: provider => Of<WritingOptions>(provider).Drops)
            .AddInputs(
                fromArchive: provider => Of<DownloadOptions>(provider).FromArchive,
                output: provider => Of<WritingOptions>(provider).Path)
            .AddLanguage()
            .AddDownload(output: provider => Of<WritingOptions>(provider).Path)
            .AddDecoding(keeps: provider => KeeperOf(Of<WritingOptions>(provider)))
            .AddDecodeIsolation()
            .AddScoring(mayBeNone: provider => Of<FilterOptions>(provider).Off, keeps: provider => Of<WritingOptions>(provider).Embeddings)
            .AddFiltering()
            .AddRun();
    }

    private static PictureKeeper KeeperOf(WritingOptions writing) => new(writing.Images, writing.Resize, writing.PictureColumns);

    private static T Of<T>(IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}

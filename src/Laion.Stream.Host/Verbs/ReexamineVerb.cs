using System.CommandLine;
using System.Diagnostics.Metrics;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.OptOuts;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>reexamine</c>: asks again whether the pictures of an output's rows are reserved now, and lists those that are.</summary>
internal static class ReexamineVerb
{
    private const int Concurrent = 256;
    private const long BodyBudget = 64L << 20;

    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var folder = new Argument<string>("DIR") { Description = "An output folder." };
        var age = new Option<TimeSpan>("--older-than") { Description = "Only rows fetched at least this long ago (d.hh:mm:ss).", HelpName = "TIME" };
        var headers = new Option<bool>("--headers") { Description = "Also ask for each picture's headers (HEAD)." };
        Option<string> config = VerbOptions.Config();
        var command = new Command(
            "reexamine",
            """
            Asks again for robots.txt and tdmrep.json of the origins of an output's pictures, with --headers also for the pictures' headers, and
            writes a JSON line for each row that is reserved now: part, SAMPLE_ID, URL, hash, signal. All signals count, unless a switch below
            Laion:OptOut turns one off. The output is not changed. The last line, on stderr, says how many rows were asked about.
            """) { folder, age, headers, config };
        command.SetAction(async (parsed, _) =>
        {
            string root = parsed.GetRequiredValue(folder);
            if (!Directory.Exists(root)) { throw new UsageException([$"reexamine: there is no folder '{root}'."]); }
            if (!Parts(root).Any()) { throw new UsageException([$"reexamine: '{root}' is no output folder: it holds no part-*.parquet."]); }

            await using EngineHost host = EngineHost.Start(parsed.GetValue(config), VerbOptions.Merge(settings, null, null, null), logsBesideOutput: false);
            return await RunAsync(host, root, parsed.GetValue(age), parsed.GetValue(headers));
        });
        return command;
    }

    private static async Task<int> RunAsync(EngineHost host, string root, TimeSpan age, bool headers)
    {
        using DownloadModule module = Open(host.Services);
        DateTime youngest = host.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime - age;
        using var writing = new SemaphoreSlim(1);
        (long asked, long reserved, long unknown) = (0, 0, 0);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Concurrent, CancellationToken = host.Signals.Stop };
        try
        {
            await Parallel.ForEachAsync(RowsAsync(root, youngest), limits, async (row, stop) =>
            {
                Interlocked.Increment(ref asked);
                DropOutcome outcome = await module.Reexaminer.AskAsync(row.Final, headers, stop);
                OptOutSignal signal = OptOutSignals.Of(outcome);
                if (signal == OptOutSignal.None)
                {
                    if (outcome.Reason != DropReason.None) { Interlocked.Increment(ref unknown); }
                    return;
                }

                Interlocked.Increment(ref reserved);
                await writing.WaitAsync(stop);
                try
                {
                    await Console.Out.WriteLineAsync(RowJson.Of(
                        [new("part", row.Part), new("SAMPLE_ID", row.Id), new("URL", row.Url), new("hash", row.Hash), new("signal", signal.Name())]));
                }
                finally
                {
                    writing.Release();
                }
            });
        }
        catch (OperationCanceledException) when (host.Signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Stopped;
        }

        await Console.Error.WriteLineAsync($"{asked} rows asked about, {reserved} reserved, {unknown} without an answer.");
        return ExitCode.Done;
    }

    /// <summary>A download module of its own: every signal is obeyed that no switch turns off.</summary>
    private static DownloadModule Open(IServiceProvider services)
    {
        T Of<T>() where T : class => services.GetRequiredService<IOptions<T>>().Value;
        OptOutOptions switches = Of<OptOutOptions>();
        switches.Preset = OptOutPreset.Strict;
        var judge = new OptOutJudge(OptOutPolicy.Of(switches), Of<CandidateOptions>().Agent);
        return new DownloadModule(
            services.GetRequiredService<IOptionsMonitor<DownloadOptions>>(), _ => judge, BodySteps.Slice(BodyBudget), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IMeterFactory>(), services.GetRequiredService<ILoggerFactory>());
    }

    private static IEnumerable<string> Parts(string root) => Directory.EnumerateFiles(root, "part-*.parquet", SearchOption.AllDirectories);

    private static async IAsyncEnumerable<ExaminedRow> RowsAsync(string root, DateTime youngest)
    {
        foreach (string part in Parts(root).Order(StringComparer.Ordinal))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
            {
                Dictionary<string, object?> cells = row.ToDictionary(StringComparer.Ordinal);
                if (cells.GetValueOrDefault("final_url") is not string final || cells.GetValueOrDefault("fetched_at") is not DateTime fetched || fetched > youngest)
                {
                    continue;
                }

                yield return new ExaminedRow(Path.GetRelativePath(root, part), cells["SAMPLE_ID"], cells["URL"], cells["hash"], final);
            }
        }
    }

    private sealed record ExaminedRow(string Part, object? Id, object? Url, object? Hash, string Final);
}

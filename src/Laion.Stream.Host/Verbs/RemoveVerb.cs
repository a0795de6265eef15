using System.CommandLine;
using System.Globalization;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Output;
using LaionStream.Engine.Removal;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Search.Removal;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>remove</c>: takes rows out of an output, with all that was stored of them.</summary>
internal static class RemoveVerb
{
    private static readonly string[] Kinds = ["hash", "url", "md5", "domain"];

    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var folder = new Argument<string>("DIR") { Description = "An output folder." };
        Option<string[]>[] lists =
        [
            ListOption("--hash", "Values of the column hash."),
            ListOption("--url", "Addresses, as in the columns URL and final_url."),
            ListOption("--md5", "MD5 digests of pictures."),
            ListOption("--domain", "Domains; all below them too."),
        ];
        var trial = new Option<bool>("--dry-run") { Description = "Count the rows, and change nothing." };
        Option<string> config = VerbOptions.Config();
        var plain = new PlainOption();
        var command = new Command(
            "remove",
            """
            Removes the rows that a list names from an output: from Parquet files, tars, vectors and their metadata, part by part. Each FILE has an
            entry a line. Their digests become a block list of the output, so that no run and no retry brings them back. Running it again with the
            same lists goes on where it was stopped.
            """) { folder, lists[0], lists[1], lists[2], lists[3], trial, config };
        plain.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            string root = parsed.GetRequiredValue(folder);
            RemovalList list = await ReadAsync([.. Kinds.Zip(lists, (kind, option) => (kind, parsed.GetValue(option) ?? []))]);
            if (!File.Exists(Path.Combine(root, "state", "manifest.jsonl"))) { throw new UsageException([$"remove: '{root}' is no output folder: it has no state/manifest.jsonl."]); }

            await using EngineHost host = EngineHost.Start(parsed.GetValue(config), VerbOptions.Merge(settings, null, root, null), logsBesideOutput: true);
            using LiveProgress shown = LiveProgress.Start("remove", "rows", plain.IsAsked(parsed), settings);
            return await RunAsync(host, root, list, parsed.GetValue(trial), shown);
        });
        return command;
    }

    private static async Task<int> RunAsync(EngineHost host, string root, RemovalList list, bool isTrial, LiveProgress shown)
    {
        var removal = new OutputRemoval(root, host.Services.GetRequiredService<TimeProvider>(), host.Services.GetRequiredService<ILoggerFactory>()) { Progress = shown.Set };
        bool requireLock = host.Services.GetRequiredService<IOptions<WritingOptions>>().Value.RequireLock;
        try
        {
            RemovalReport report = await Task.Run(() => removal.RunAsync(list, requireLock, isTrial, host.Signals.Stop));
            if (!isTrial) { DerivedFiles.DeleteOfGoneParts(root); }
            shown.Say(string.Create(CultureInfo.InvariantCulture, $"{report.Rows} rows {(isTrial ? "to remove" : "removed")}, in {report.Parts} parts"));
            if (report.Undigested > 0)
            {
                shown.Warn(string.Create(CultureInfo.InvariantCulture,
                    $"{report.Undigested} of them have neither md5 nor sha256 (Writing:Digests): the same pictures under other addresses will not be recognised."));
            }

            if (report.Away == 0) { return ExitCode.Done; }

            shown.Warn(string.Create(CultureInfo.InvariantCulture, $"{report.Away} parts are not here: their rows are still in them. Bring them back and run this again, or delete them where they are."));
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is OutputRefusedException or InvalidDataException)
        {
            throw new UsageException([$"remove: {e.Message}"]);
        }
        catch (OperationCanceledException) when (host.Signals.Stop.IsCancellationRequested)
        {
            shown.Warn("Stopped after a part. Run again with the same lists to go on.");
            return ExitCode.Stopped;
        }
    }

    private static Option<string[]> ListOption(string name, string what) => new(name) { Description = what, HelpName = "FILE" };

    private static async Task<RemovalList> ReadAsync((string Kind, string[] Files)[] given)
    {
        var list = new RemovalList();
        var errors = new List<string>();
        foreach ((string kind, string file) in given.SelectMany(kind => kind.Files.Select(file => (kind.Kind, file))))
        {
            try
            {
                list.Add(kind, Path.GetFileName(file), await File.ReadAllBytesAsync(file));
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                errors.Add($"remove --{kind}: {e.Message}");
            }
        }

        if (errors.Count == 0 && list.Count == 0) { errors.Add("remove: which rows? Name a list that is not empty with --hash, --url, --md5 or --domain."); }
        return errors.Count == 0 ? list : throw new UsageException(errors);
    }
}

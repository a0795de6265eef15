using System.CommandLine;
using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;

namespace LaionStream.Host.Verbs;

/// <summary><c>inspect</c>: the contents of a Parquet file or an output folder.</summary>
internal static class InspectVerb
{
    public static Command Command()
    {
        var path = new Argument<string>("PATH") { Description = "A Parquet file, or an output folder." };
        var rows = new Option<int?>("--rows") { Description = "Print nothing but that many rows, one JSON object a line.", HelpName = "N" };
        var dropped = new Option<bool>("--dropped")
        {
            Description = "Print the dropped rows of an output that was made with Laion:Writing:Drops, one JSON object a line, as each ended last.",
        };
        var reasons = new Option<string[]>("--reason") { Description = "With --dropped: only rows dropped for these reasons.", HelpName = "REASON", AllowMultipleArgumentsPerToken = true };
        var command = new Command("inspect", "Schema, rows, funnel and histograms of a Parquet file or an output folder.") { path, rows, dropped, reasons };
        command.SetAction((parsed, abort) =>
        {
            IReadOnlySet<string> named = DroppedRows.Reasons(parsed.GetValue(reasons) ?? []);
            if (named.Count > 0 && !parsed.GetValue(dropped)) { throw new UsageException(["inspect --reason: goes with --dropped."]); }
            DroppedRows? drops = parsed.GetValue(dropped) ? new DroppedRows(parsed.GetRequiredValue(path), named) : null;
            return RunAsync(parsed.GetRequiredValue(path), parsed.GetValue(rows), drops, Console.Out, abort);
        });
        return command;
    }

    private static async Task<int> RunAsync(string path, int? rows, DroppedRows? dropped, TextWriter result, CancellationToken abort)
    {
        try
        {
            if (dropped is not null)
            {
                await dropped.PrintAsync(rows, result, Console.Error, abort);
                return ExitCode.Done;
            }

            string[] files = Files(path);
            if (rows is { } most)
            {
                await PrintRowsAsync(files, most, result, abort);
                return ExitCode.Done;
            }

            if (RunningOutput.Of(path) is { } running) { await result.WriteLineAsync($"{running} The following is its state so far.{Environment.NewLine}"); }
            if (Directory.Exists(path)) { await PrintSummaryAsync(path, result, abort); }
            await PrintFilesAsync(path, files, result, abort);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
    }

    private static string[] Files(string path)
    {
        if (File.Exists(path)) { return IsParquet(path) ? [path] : throw new UsageException([$"inspect: '{path}' is no Parquet file."]); }
        if (!Directory.Exists(path)) { throw new UsageException([$"inspect: '{path}' is not there."]); }
        if (File.Exists(ManifestOf(path)))
        {
            return [.. Listed(path, FileRole.Rows).Select(file => Path.Combine(path, file.Path)).Where(File.Exists).Order(StringComparer.Ordinal)];
        }

        // Without a manifest it is not an output folder; it may contain parts that were moved out of one.
        string[] files = [.. Directory.EnumerateFiles(path, "part-*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Length > 0
            || File.Exists(Path.Combine(path, "summary.json"))
            ? files
            : throw new UsageException([$"inspect: '{path}' holds no part-*.parquet and no summary.json."]);
    }

    private static bool IsParquet(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] start = new byte[4];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual("PAR1"u8);
    }

    private static async Task PrintRowsAsync(string[] files, int most, TextWriter result, CancellationToken abort)
    {
        int left = most;
        foreach (string file in files)
        {
            if (await OpenAsync(file) is not { } opened) { continue; }

            await using SampleFileReader reader = opened;
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync(abort))
            {
                if (left-- <= 0) { return; }
                await result.WriteLineAsync(RowJson.Of(row));
            }
        }
    }

    private static async Task PrintSummaryAsync(string folder, TextWriter result, CancellationToken abort)
    {
        string file = Path.Combine(folder, "summary.json");
        if (!File.Exists(file)) { return; }
        RunSummary summary = RunSummary.Parse(await File.ReadAllBytesAsync(file, abort));
        await result.WriteLineAsync(Funnel.Of(summary));
        if (summary.Run is { } run)
        {
            await result.WriteLineAsync(
                FormattableString.Invariant(
                $"last run: {summary.Verb}, version {run.Version}, begun {run.StartedAt:u}, {run.State} after {run.Seconds:F0} s; {run.LinksPerSecond:F1} links/s, {run.CpuSeconds:F1} s of CPU, at most {run.PeakMemoryBytes >> 20} MiB"));
        }
        foreach ((string name, double value) in summary.Thresholds)
        {
            await result.WriteLineAsync(FormattableString.Invariant($"threshold {name}: {value:R}"));
        }
        foreach (StageSummary stage in summary.Stages)
        {
            await result.WriteLineAsync($"stage {stage.Name}: {stage.In} in, {stage.Kept} on, {stage.Dropped} dropped");
        }
        foreach ((string role, string sha256) in summary.Models) { await result.WriteLineAsync($"model {role}: {sha256}"); }
        await result.WriteLineAsync();
    }

    private static async Task PrintFilesAsync(string root, string[] files, TextWriter result, CancellationToken abort)
    {
        var histograms = new RowHistograms();
        long total = 0;
        string? schema = null;
        int read = 0;
        foreach (string file in files)
        {
            if (await OpenAsync(file) is not { } opened) { continue; }

            read++;
            await using SampleFileReader reader = opened;
            string columns = Schema(reader);
            if (columns != schema) { await result.WriteLineAsync($"schema{Environment.NewLine}{columns}"); }
            schema = columns;
            await result.WriteLineAsync(
                $"{(Directory.Exists(root) ? Path.GetRelativePath(root, file) : file)}: {reader.Rows} rows, {reader.RowGroups} row groups, {reader.Bytes} bytes");
            foreach ((string key, string value) in reader.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                await result.WriteLineAsync($"  {key} = {value}");
            }
            total += reader.Rows;
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync(abort)) { histograms.Add(row); }
        }

        await result.WriteLineAsync($"{read} files, {total} rows");
        await PrintOtherRolesAsync(root, result);
        await PrintShippedAsync(root, result);
        await result.WriteAsync(histograms.ToString());
    }

    /// <summary>Opens a part; null when it was moved away since the folder was listed.</summary>
    private static async Task<SampleFileReader?> OpenAsync(string file)
    {
        try
        {
            return await SampleFileReader.OpenAsync(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static async Task PrintOtherRolesAsync(string root, TextWriter result)
    {
        IEnumerable<ManifestFile> others = ManifestReader.ReadCurrent(ManifestOf(root)).SelectMany(entry => entry.Files)
            .Where(file => file.Role != FileRole.Rows && Path.Exists(Path.Combine(root, file.Path)));
        foreach (IGrouping<string, ManifestFile> role in others.GroupBy(file => file.Role).OrderBy(role => role.Key, StringComparer.Ordinal))
        {
            await result.WriteLineAsync($"{role.Key}: {role.Count()} files, {role.Sum(file => file.Bytes)} bytes");
        }
    }

    private static async Task PrintShippedAsync(string root, TextWriter result)
    {
        (int files, int away, long rows) = (0, 0, 0);
        foreach (ManifestEntry entry in ManifestReader.ReadCurrent(ManifestOf(root)))
        {
            (files, rows) = (files + entry.Files.Count, rows + entry.Rows);
            away += entry.Files.Count(file => !Path.Exists(Path.Combine(root, file.Path)));
        }

        if (away > 0) { await result.WriteLineAsync($"{files} files, {rows} rows by the manifest; {away} of the files are not here"); }
    }

    private static string ManifestOf(string root) => Path.Combine(root, "state", "manifest.jsonl");

    private static IEnumerable<ManifestFile> Listed(string root, string role) =>
        ManifestReader.ReadCurrent(ManifestOf(root)).Select(entry => entry.FileOf(role)).OfType<ManifestFile>();

    private static string Schema(SampleFileReader reader)
    {
        var text = new StringBuilder();
        foreach (SampleFileColumn column in reader.Columns)
        {
            text.AppendLine($"  {column.Name} {column.Type.Name.ToLowerInvariant()}{(column.IsNullable ? "?" : "")}");
        }
        return text.ToString();
    }
}

using System.CommandLine;
using System.Globalization;
using LaionStream.Host.Hosting;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Host.Verbs;

/// <summary><c>subset</c>: writes chosen rows of one or more outputs into a file, with a manifest beside it.</summary>
internal sealed class SubsetVerb
{
    private static readonly Dictionary<string, SubsetFormat> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        [".parquet"] = SubsetFormat.Parquet,
        [".csv"] = SubsetFormat.Csv,
        [".jsonl"] = SubsetFormat.Jsonl,
        [".txt"] = SubsetFormat.Urls,
    };

    private readonly Argument<string[]> _inputs =
        new("DIR") { Description = "Output folders, Parquet files, folders of them, or patterns for these.", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string> _output =
        new("--output") { Description = "File to write: .parquet, .csv, .jsonl, or .txt for addresses only; with --to shards or embeddings a new folder.", HelpName = "FILE" };

    private readonly Option<SubsetFormat?> _to = new("--to") { Description = "What it is written as. [default: by the name of FILE]" };
    private readonly Option<string[]> _presets = new("--preset") { Description = "A preset, with a threshold of your own after a colon; several narrow each other.", HelpName = "NAME[:VALUE]" };
    private readonly Option<bool> _list = new("--presets") { Description = "Print the presets and end." };
    private readonly Option<string[]> _sets = new("--set") { Description = "Only rows of this output set; may be repeated.", HelpName = "en|multi|nolang" };
    private readonly Option<string> _where = new("--where") { Description = "A condition in SQL over the columns, set and domain: \"WIDTH >= 512 AND LICENSE <> '?'\".", HelpName = "SQL" };
    private readonly Option<DistinctBy> _distinct = new("--distinct") { Description = "Of rows with the same hash (URL and caption), URL or perceptual hash only the first." };
    private readonly Option<long?> _perDomain = new("--per-domain") { Description = "At most so many rows of a domain, taken at random.", HelpName = "N" };
    private readonly Option<string> _sample = new("--sample") { Description = "So many rows, or such a share of them, taken at random; the same ones each time.", HelpName = "N|P%" };
    private readonly Option<long> _seed = new("--seed") { Description = "Number that random choices depend on. [default: 0]", HelpName = "N" };
    private readonly Option<string[]> _columns = new("--columns") { Description = "Columns to write, with commas between. [default: all]", HelpName = "a,b" };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace FILE if it exists." };
    private readonly Option<bool> _shipped = new("--shipped") { Description = "Parts that are not here were moved away on purpose: read the others." };
    private readonly LikeQuery _like = new();
    private readonly QueryOptions _query = new();

    public static Command Command(IReadOnlyDictionary<string, string?> settings) => new SubsetVerb().Build(settings);

    private Command Build(IReadOnlyDictionary<string, string?> settings)
    {
        var command = new Command(
            "subset",
            """
            Writes the rows that you choose of one or more outputs into one file, and beside it FILE.subset.json, which says how it came about.
            The same inputs and options give the same bytes. Ctrl-C leaves nothing behind.
            """) { _inputs, _output, _to, _presets, _list, _sets, _where, _distinct, _perDomain, _sample, _seed, _columns, _overwrite, _shipped };
        _like.AddTo(command);
        _query.AddTo(command);
        var running = new QueryRun("subset", settings);
        running.AddTo(command);
        command.SetAction(async (parsed, abort) =>
        {
            if (!parsed.GetValue(_list))
            {
                LikeCondition? like = await _like.MakeAsync(parsed, settings, parsed.GetValue(_inputs) ?? [], abort);
                return await running.RunAsync(parsed, (progress, stop) => Write(Request(parsed) with { Like = like }, progress, stop));
            }

            foreach (SubsetPreset preset in SubsetPresets.All) { await Console.Out.WriteLineAsync(LineOf(preset)); }
            return ExitCode.Done;
        });
        return command;
    }

    private static string Write(SubsetRequest request, SubsetProgress progress, CancellationToken stop)
    {
        SubsetResult result = SubsetWriter.Write(request, progress, stop);
        return string.Create(
            CultureInfo.InvariantCulture, $"{result.Rows} of {result.Of} rows, {result.Bytes} bytes: {request.Output} (how it came about: {SubsetWriter.ManifestOf(request.Output)}){QueryRun.NoteOf(result.Unregistered)}");
    }

    private SubsetRequest Request(ParseResult parsed)
    {
        string[] inputs = parsed.GetValue(_inputs) ?? [];
        if (inputs.Length == 0) { throw new RequestException("Which rows? Name an output folder"); }
        string output = parsed.GetValue(_output) ?? throw new RequestException("Where to? Name a file with --output");
        SubsetFormat format = parsed.GetValue(_to) ?? (Endings.TryGetValue(Path.GetExtension(output), out SubsetFormat known)
            ? known
            : throw new RequestException($"'{output}' ends in none of {string.Join(", ", Endings.Keys)}; say with --to what it is"));
        return new SubsetRequest
        {
            Inputs = inputs,
            Output = output,
            Format = format,
            Presets = parsed.GetValue(_presets) ?? [],
            Sets = parsed.GetValue(_sets) ?? [],
            Where = parsed.GetValue(_where),
            Distinct = parsed.GetValue(_distinct),
            PerDomain = parsed.GetValue(_perDomain),
            Sample = parsed.GetValue(_sample) is { } sample ? SubsetSample.Parse(sample) : null,
            Seed = parsed.GetValue(_seed),
            Columns = [.. (parsed.GetValue(_columns) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            Overwrite = parsed.GetValue(_overwrite),
            IsShipped = parsed.GetValue(_shipped),
            Limits = _query.Of(parsed),
        };
    }

    private static string LineOf(SubsetPreset preset)
    {
        string where = preset.Where?.Replace("{value}", string.Create(CultureInfo.InvariantCulture, $"{preset.Value}"), StringComparison.Ordinal) ?? "true";
        return $"{preset.Name,-22} {preset.Set ?? "all sets",-9} {where,-58} {preset.About}";
    }
}

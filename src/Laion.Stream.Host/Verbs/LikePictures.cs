using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Removal;
using LaionStream.Explorer.Data;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Host.Verbs.Serving;
using LaionStream.Models.Onnx;
using LaionStream.Search.Index;

namespace LaionStream.Host.Verbs;

/// <summary>Finds the rows of outputs whose picture is one of given pictures, or so much like it that it is a copy.</summary>
internal sealed class LikePictures
{
    private const float Copies = 0.95f; // of caution: copies of a picture, rather than others of the same thing
    private const int DefaultMost = 1000;
    private const int Shown = 80; // of a caption

    private readonly Option<string[]> _pictures =
        new("--like")
        {
            Description = "Rows with this picture, and copies of it in other sizes and qualities where the output has vectors.",
            HelpName = "PICTURE",
        };

    private readonly Option<float?> _least =
        new("--min-similarity") { Description = "Lowest cosine for --like, 0.5 to 1. [default: 0.95]", HelpName = "S" };

    private readonly Option<int?> _most =
        new("--at-most") { Description = "Remove nothing when more rows of an output are like it. [default: 1000]", HelpName = "N" };

    private readonly Option<string> _models = VerbOptions.Models();
    private readonly List<float[]?> _asked = [];

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_pictures);
        command.Add(_least);
        command.Add(_most);
        command.Add(_models);
    }

    /// <summary>Whether a picture was given.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_pictures) is { Length: > 0 };

    /// <summary>The folder of models that was named; null for that of the run.</summary>
    public string? ModelsOf(ParseResult parsed) => parsed.GetValue(_models);

    /// <summary>Adds the digests of the pictures to the list, and embeds them where an output has vectors.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="list">Receives the MD5 of each picture.</param>
    /// <param name="host">Loads the models.</param>
    /// <exception cref="UsageException">A picture cannot be read or embedded.</exception>
    public async Task PrepareAsync(ParseResult parsed, string[] outputs, RemovalList list, EngineHost host)
    {
        string[] paths = parsed.GetValue(_pictures) ?? [];
        if (paths.Length == 0)
        {
            string[] alone = [.. new Option[] { _least, _most }.Where(option => parsed.GetResult(option) is not null)
                .Select(option => $"remove: {option.Name} is for --like, which is not given.")];
            if (alone.Length > 0) { throw new UsageException(alone); }
            return;
        }

        if (!(LeastOf(parsed) is >= 0.5f and <= 1)) { throw new UsageException(["remove: --min-similarity is from 0.5 to 1."]); }
        if (outputs.Length == 0) { throw new UsageException(["remove: --like looks for rows in outputs: name one."]); }
        try
        {
            using ServedAbilities? abilities = outputs.Any(HasVectors) ? ServedAbilities.Load(host.Services, outputs, fetches: false) : null;
            if (abilities is { All.Models: null })
            {
                throw new UsageException(["remove: --like needs the models of the run: name their folder with --models."]);
            }

            foreach (string path in paths) { await AddAsync(path, LeastOf(parsed), list, abilities?.All.Models, host.Signals.Stop); }
        }
        catch (ModelException e)
        {
            throw new UsageException([$"{e.Key}: {e.Message}"]);
        }
    }

    /// <summary>The rows of an output that are like a picture, besides those with its bytes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="output">The output.</param>
    /// <param name="warn">Told when the output has no vectors.</param>
    /// <param name="stop">Ends the search.</param>
    /// <exception cref="UsageException">There are more than the operator allows; nothing is removed then.</exception>
    public IReadOnlyList<LikeRow> Find(ParseResult parsed, string output, Action<string> warn, CancellationToken stop)
    {
        if (_asked.Count == 0) { return []; }
        if (!HasVectors(output))
        {
            warn($"'{output}' has no vectors (Writing:Embeddings): --like finds only the same bytes in it, by md5.");
            return [];
        }

        var best = new Dictionary<long, float>();
        using VectorIndex index = VectorIndex.Open(output);
        foreach (float[] vector in _asked.OfType<float[]>())
        {
            foreach (Hit hit in index.AtLeast(vector, LeastOf(parsed), abort: stop)) { best[hit.Row] = Math.Max(hit.Score, best.GetValueOrDefault(hit.Row)); }
        }

        int most = parsed.GetValue(_most) ?? DefaultMost;
        if (best.Count > most)
        {
            throw new UsageException([string.Create(CultureInfo.InvariantCulture,
                $"remove: {best.Count} rows of '{output}' are like it, and at most {most} are removed in this way: nothing was. Raise --min-similarity, or --at-most when that many are meant; --dry-run --at-most {best.Count} shows them.")]);
        }

        return [.. from row in best
            let place = index.PlaceOf(row.Key)
            orderby row.Value descending, row.Key
            select new LikeRow(place.Part.Commit, place.Position, row.Value)];
    }

    /// <summary>A line for each row: similarity, hash, address, caption. For the operator's eyes; written nowhere else.</summary>
    /// <param name="output">The output.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="abort">Ends it early.</param>
    public static async Task<IReadOnlyList<string>> DescribeAsync(string output, IReadOnlyList<LikeRow> rows, CancellationToken abort)
    {
        var lines = new Dictionary<LikeRow, string>();
        Dictionary<long, ManifestEntry> parts = ManifestReader.ReadCurrent(Path.Combine(output, "state", "manifest.jsonl")).ToDictionary(entry => entry.Commit);
        foreach (IGrouping<long, LikeRow> part in rows.GroupBy(row => row.Commit))
        {
            if (parts.GetValueOrDefault(part.Key)?.FileOf(FileRole.Rows) is not { } file || !File.Exists(Path.Combine(output, file.Path))) { continue; }

            await using SampleFileReader reader = await SampleFileReader.OpenAsync(Path.Combine(output, file.Path));
            string?[] urls = await reader.ReadTextsAsync("URL", abort).ToArrayAsync(abort);
            string?[] texts = await reader.ReadTextsAsync("TEXT", abort).ToArrayAsync(abort);
            long?[] hashes = await reader.ReadNumbersAsync("hash", abort).ToArrayAsync(abort);
            foreach (LikeRow row in part)
            {
                lines[row] = Line(row.Similarity, hashes[row.Position], urls[row.Position], texts[row.Position]);
            }
        }

        return [.. rows.Select(row => lines.GetValueOrDefault(row)).OfType<string>()];
    }

    private async Task AddAsync(string path, float least, RemovalList list, IQueryModels? models, CancellationToken stop)
    {
        try
        {
            byte[] picture = await File.ReadAllBytesAsync(path, stop);
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(picture));
            float[]? vector = models is null ? null : await models.PictureAsync(picture, stop);
#pragma warning disable CA5351 // the column is an MD5
            list.AddPicture(Convert.ToHexStringLower(MD5.HashData(picture)),
                string.Create(CultureInfo.InvariantCulture, $"picture sha256 {sha256}, similarity at least {least:0.###}"));
#pragma warning restore CA5351
            _asked.Add(vector);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException([$"remove --like '{path}': {e.Message}"]);
        }
    }

    private float LeastOf(ParseResult parsed) => parsed.GetValue(_least) ?? Copies;

    private static bool HasVectors(string output) =>
        ManifestReader.ReadCurrent(Path.Combine(output, "state", "manifest.jsonl")).Any(entry => entry.FileOf(FileRole.ImageEmbeddings) is not null);

    /// <summary>A row as the operator sees it, without what a terminal would obey.</summary>
    internal static string Line(float similarity, long? hash, string? url, string? text) =>
        LiveLine.Harmless(string.Create(CultureInfo.InvariantCulture, $"{similarity:F3}  {hash}  {url}  {Short(text ?? "")}"));

    private static string Short(string text)
    {
        if (text.Length <= Shown) { return text.ReplaceLineEndings(" "); }

        int length = char.IsHighSurrogate(text[Shown - 1]) ? Shown - 1 : Shown; // a character outside of the first plane is two units
        return text[..length].ReplaceLineEndings(" ") + "…";
    }
}

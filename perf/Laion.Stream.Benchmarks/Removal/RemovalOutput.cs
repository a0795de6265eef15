using System.Globalization;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Benchmarks.Removal;

/// <summary>
/// <c>removal make FOLDER ROWS</c>: an output as a run writes it, by the run's own ledger and writers, to try <c>remove</c> on: Parquet, tars of small
/// pictures, vectors of 512 numbers, and a dropped row for each nine kept. Beside it lists: every hundredth row by hash, and one domain of a thousand.
/// </summary>
internal static class RemovalOutput
{
    private const int RowsPerFile = 100_000;
    private const int Hosts = 997;
    private const int Width = 512;
    private const int Pool = 4096;

    /// <summary>Makes it.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["make", { } folder, { } count])
        {
            await Console.Error.WriteLineAsync("removal make FOLDER ROWS");
            return 2;
        }

        int rows = int.Parse(count, CultureInfo.InvariantCulture);
        var options = new WritingOptions { MaxRows = 50_000, Drops = true, Embeddings = KeptVectors.Image, Images = KeptPictures.Original };
        var fingerprint = new RunFingerprint([new FingerprintEntry("Candidates:Rules", "default", FingerprintEntry.None), WritingFingerprint.OfDrops(options)]);
        string[] inputs = [.. Enumerable.Range(0, (rows + RowsPerFile - 1) / RowsPerFile).Select(file => $"made{file}.wat.gz")];
        await using (RunState state = RunState.Open(folder, fingerprint, inputs, new LedgerTuning(TimeSpan.FromMinutes(1)), TimeProvider.System,
            NullLoggerFactory.Instance))
        {
            state.RecordInputs();
            await WriteAsync(state, options, rows);
            Accounting counts = state.Snapshot();
            SummaryFile.Write(folder, SummaryFile.From("run", counts, new FilesSummary(inputs.Length, counts.FilesDone), TimeProvider.System.GetUtcNow()));
        }

        await File.WriteAllLinesAsync(folder
            + ".hashes.txt", Enumerable.Range(0, rows).Where(row => row % 100 == 7).Select(row => HashOf(row).ToString(CultureInfo.InvariantCulture)));
        await File.WriteAllLinesAsync(folder + ".domain.txt", ["host5.example"]);
        return 0;
    }

    private static async Task WriteAsync(RunState state, WritingOptions options, int rows)
    {
        var metadata = new Dictionary<string, string>();
        string[] sets = ["en", "multi", "nolang"];
        var writers = sets.ToDictionary(set => set,
            set => new RowWriter(state, set, options, OutputFiles.Of(options, metadata, ScoreSchema.Standard, []), TimeProvider.System));
        var dropped = new DropWriter(state, options, metadata, ScoreSchema.Standard, [], TimeProvider.System);
        Half[][] vectors = [.. Enumerable.Range(0, Pool).Select(Vector)];
        byte[] picture = new byte[400];
        for (int number = 0; number < rows; number++)
        {
            var key = new RowKey(number / RowsPerFile, number % RowsPerFile);
            string set = sets[number % 20 < 9 ? 0 : number % 20 < 16 ? 1 : 2];
            state.TryClaim(HashOf(number), key);
            state.Ledger.Admit(key);
            if (number % 10 == 3)
            {
                var candidate = new Candidate(key, UrlOf(number), $"caption number {number}", "?", null, "made", HashOf(number));
                await dropped.WriteAsync(dropped.Of(candidate, new DropOutcome(DropReason.LowSimilarity)), default);
            }
            else
            {
                new Random(number).NextBytes(picture);
                var payload = new RowPayload(new StoredPicture(picture.ToArray(), "jpg", 64, 64, null), vectors[number % Pool], null);
                await writers[set].WriteAsync(new KeptRow(key, set, RowOf(key, number, set), payload), default);
            }

            if (key.Ordinal == RowsPerFile - 1 || number == rows - 1) { state.Ledger.Seal(key.FileNumber, key.Ordinal + 1); }
        }

        foreach (RowWriter writer in writers.Values) { await writer.CompleteAsync(); }
        await dropped.CompleteAsync();
        await state.FlushAsync();
    }

    private static Half[] Vector(int seed)
    {
        var random = new Random(seed);
        float[] numbers = [.. Enumerable.Range(0, Width).Select(_ => random.NextSingle() - 0.5f)];
        float length = MathF.Sqrt(numbers.Sum(number => number * number));
        return [.. numbers.Select(number => (Half)(number / length))];
    }

    private static string UrlOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"https://host{number % Hosts}.example/pictures/of/things/{number}.jpg");

    private static long HashOf(int number) => unchecked((long)(((ulong)number + 1) * 0x9E3779B97F4A7C15));

    private static SampleRow RowOf(RowKey key, int number, string set) => new()
    {
        SampleId = key.SampleId,
        Url = UrlOf(number),
        Text = $"a caption of about as many words as captions have, number {number}",
        License = "?",
        Language = set == "en" ? "en" : "de",
        Hash = HashOf(number),
        Source = "made",
        Ordinal = key.Ordinal,
        Fetch = new FetchFacts("", DateTimeOffset.UnixEpoch),
        Picture = new PictureFacts(64, 64, number.ToString("x32", CultureInfo.InvariantCulture), number.ToString("x16", CultureInfo.InvariantCulture)),
        Scores = Scores.None,
    };
}

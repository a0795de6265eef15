using System.Globalization;
using LaionStream.Soak.Results;

namespace LaionStream.Benchmarks.Stages;

/// <summary>Projects the measured unit costs to machines with more cores, with a GPU's rate from elsewhere.</summary>
internal static class MachinePlan
{
    /// <summary>Pictures per second for ViT-B/32 on one A100, as clip-retrieval documents it (docs/distributed_clip_inference.md).</summary>
    public const double PublishedGpuRate = 2500;

    // Cores that feed a GPU its batches and process its results: one each.
    private const double CoresPerGpu = 1;
    private const double UsableShare = 0.85; // the rest: kernel network work outside the process, garbage collection pauses, uneven load

    // 90,000 WATs of 17,500 candidates each: cc2dataset's README has 88 billion pictures after dedupe from 70,000 core-hours at 50 s per WAT.
    private const double CandidatesPerCrawl = 90_000 * 17_500.0;

    /// <summary>Prints the table.</summary>
    /// <param name="result">A stages.md.</param>
    /// <param name="model">The model of that rate.</param>
    /// <param name="gpuRate">Pictures per second and GPU.</param>
    /// <param name="fetchedShare">Share of candidates whose picture is fetched.</param>
    public static void Print(string result, string model, double gpuRate, double fetchedShare)
    {
        Dictionary<string, double> micros = ResultTable.Read(File.ReadAllText(result))
            .ToDictionary(figure => figure.Name, figure => figure.Micros.Median, StringComparer.Ordinal);
        (string Stage, double Micros)[] perPicture =
        [
            ("extract", micros[Names.Candidate] / fetchedShare),
            ("fetch", micros[Names.Fetch]),
            ("decode", micros[Names.Decode]),
            ("tokenise", micros[Names.Tokenise]),
            ("write", micros[Names.Write]),
            ("graph", micros[Names.Graph]),
        ];
        double total = perPicture.Sum(stage => stage.Micros);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            CPU a fetched picture: {total:F0} µs ({string.Join(", ", perPicture.Select(stage => $"{stage.Stage} {stage.Micros:F0}"))}). {model} on a GPU: {gpuRate:F0} pictures/s each, not measured here.
            {fetchedShare:P0} of the candidates fetched, {UsableShare:P0} of the cores usable, {CoresPerGpu} core a GPU, {CandidatesPerCrawl / 1e9:F1} billion candidates a crawl: assumptions.

            | cores | GPUs | CPU would do /s | GPUs would do /s | limit | pictures/s | Gbit/s in | days a crawl | Decode:Parallelism | Download:Concurrency | Inference:BatchSize | Devices |
            | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
            """));
        foreach ((int cores, int gpus) in new[] { (16, 1), (16, 2), (16, 4), (16, 8), (64, 1), (64, 2), (64, 4), (64, 8) })
        {
            Console.WriteLine(Line(cores, gpus, total, perPicture.MaxBy(stage => stage.Micros).Stage, gpuRate, fetchedShare));
        }
    }

    private static string Line(int cores, int gpus, double total, string heaviest, double gpuRate, double fetchedShare)
    {
        const double SecondsInFlight = 1.0; // a request over the internet: DNS, connect, TLS and body
        const double BytesPerPicture = 141_000;
        double cpu = (cores - (gpus * CoresPerGpu)) * UsableShare * 1e6 / total;
        double devices = gpus * gpuRate;
        double rate = Math.Min(cpu, devices);
        string limit = cpu < devices ? $"CPU ({heaviest})" : "GPU";
        double days = CandidatesPerCrawl * fetchedShare / rate / 86400;
        int decoders = Math.Max(2, cores - gpus - 2);
        double inFlight = Math.Ceiling(rate * SecondsInFlight / fetchedShare / 256) * 256;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {cores} | {gpus} | {cpu:F0} | {devices:F0} | {limit} | {rate:F0} | {rate * BytesPerPicture * 8 / 1e9:F1} | {days:F0} | {decoders} | {inFlight:F0} | 256 | [{string.Join(", ", Enumerable.Range(0, gpus))}] |");
    }
}

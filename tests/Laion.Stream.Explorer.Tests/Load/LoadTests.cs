using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using LaionStream.Explorer.Data;
using LaionStream.Models.ModelSets;
using LaionStream.Search.Index;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Explorer.Tests.Load;

/// <summary>
/// Measures the service under load: <c>LAION_LOAD_ROWS=1000000 [LAION_LOAD_VECTORS=0] dotnet test tests/Laion.Stream.Explorer.Tests -c Release --filter FullyQualifiedName~Load</c>, with
/// <c>--logger "console;verbosity=detailed"</c> for the figures. Clients and server share the machine.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private const int Width = 512;
    private const int PartRows = 50_000;
    private const int Clients = 16;

    [SkippableFact]
    public async Task Service_UnderSixteenClients_AnswersInBoundedTimeAndMemory()
    {
        Skip.IfNot(int.TryParse(Environment.GetEnvironmentVariable("LAION_LOAD_ROWS"), CultureInfo.InvariantCulture, out int rows), "a measurement: set LAION_LOAD_ROWS");
        int seconds = int.TryParse(Environment.GetEnvironmentVariable("LAION_LOAD_SECONDS"), CultureInfo.InvariantCulture, out int given) ? given : 10;
        using ClipModel clip = ClipModel.Load(BundledModels.TinyClip);
        var made = Stopwatch.StartNew();
        await using ServedOutput served = await ServedOutput.StartAsync(
            folder => FillAsync(folder, rows), new ExplorerAbilities(Models: new TinyModels(clip)), options => (options.RequestsPerSecond, options.Burst) = (1_000_000, 1_000_000));
        while ((await served.AskAsync(HttpMethod.Get, "/api/v1/info")).Json.GetProperty("rows").GetInt64() < rows) { await Task.Delay(500); }
        output.WriteLine($"{rows} rows made, stored and open after {made.Elapsed.TotalSeconds:F0} s; memory {Memory()}");

        using (var store = LaionStream.Search.Rows.RowStore.Open(served.Output.Folder))
        {
            var opening = Stopwatch.StartNew();
            using var again = LaionStream.Search.Rows.RowStore.Open(served.Output.Folder);
            output.WriteLine($"row store opened in {opening.Elapsed.TotalMilliseconds:F0} ms");
        }

        if (HasVectors) { await MeasureSearchesAsync(served, seconds, clip); }
        await MeasureAsync("browse 40 scattered", served, seconds, random => new { filter = new { text = $"number {random.Next(rows) / 100}" }, limit = 40 });
        await MeasureAsync("facets", served, seconds, random => new { filter = new { width = new { min = random.Next(1000) } } }, "/api/v1/facets");
        await MeasureRowsAsync(served, seconds, rows);
    }

    private static bool HasVectors => Environment.GetEnvironmentVariable("LAION_LOAD_VECTORS") != "0";

    private async Task MeasureSearchesAsync(ServedOutput served, int seconds, ClipModel clip)
    {
        await MeasureAsync("vector", served, seconds, random => new { query = new[] { new { vector = Vector(random) } }, limit = 40 });
        await MeasureAsync("vector, not distinct", served, seconds, random => new { query = new[] { new { vector = Vector(random) } }, limit = 40, distinct = false });
        await MeasureAsync("vector and filter", served, seconds, random => new { query = new[] { new { vector = Vector(random) } }, filter = new { languages = new[] { "de" }, width = new { min = 200 } }, limit = 40 });
        await MeasureAsync("text", served, seconds, random => new { query = new[] { new { text = $"a photo of {random.Next()} things" } }, limit = 40 });
        var tower = Stopwatch.StartNew();
        for (int i = 0; i < 50; i++) { clip.EmbedText($"a photo of {i} things"); }
        output.WriteLine($"text tower alone: {tower.Elapsed.TotalMilliseconds / 50:F1} ms a text");
    }

    private static string Memory()
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        string Of(string name) => status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return $"{int.Parse(Of("RssAnon:"), CultureInfo.InvariantCulture) >> 10} MiB anonymous, {int.Parse(Of("RssFile:"), CultureInfo.InvariantCulture) >> 10} MiB mapped";
    }

    private static async Task FillAsync(MadeOutput folder, int rows)
    {
        for (int first = 0; first < rows; first += PartRows)
        {
            int from = first;
            int count = Math.Min(PartRows, rows - first);
            await folder.AddPartAsync("en", [.. Enumerable.Range(from, count).Select(i => MadeOutput.Row(i) with { Picture = MadeOutput.Row(i).Picture with { Width = 100 + (i % 1900) } })], HasVectors ? Vectors(from, count) : null);
        }

        if (HasVectors) { _ = new IndexBuilder(folder.Folder, new IndexOptions()).Build(VectorKind.Image, compacts: false, CancellationToken.None); }
    }

    // Clusters: 4,000 centres with noise, as pictures of a kind are alike.
    private static float[][] Vectors(int first, int count)
    {
        var random = new Random(first);
        return [.. Enumerable.Range(0, count).Select(_ => Vector(random))];
    }

    private static float[] Vector(Random random)
    {
        var centre = new Random(random.Next(4000));
        var vector = new float[Width];
        for (int i = 0; i < Width; i++) { vector[i] = centre.NextSingle() - 0.5f + ((random.NextSingle() - 0.5f) * 1.2f); }
        float length = MathF.Sqrt(vector.Sum(number => number * number));
        for (int i = 0; i < Width; i++) { vector[i] /= length; }
        return vector;
    }

    private Task MeasureRowsAsync(ServedOutput served, int seconds, int rows) => MeasureAsync("one row", served, seconds, random => served.Client.GetAsync($"/api/v1/rows/{random.Next(rows)}"));

    private Task MeasureAsync(string name, ServedOutput served, int seconds, Func<Random, object> body, string path = "/api/v1/search") =>
        MeasureAsync(name, served, seconds, random => served.Client.PostAsJsonAsync(path, body(random)));

    private async Task MeasureAsync(string name, ServedOutput served, int seconds, Func<Random, Task<HttpResponseMessage>> ask)
    {
        Assert.NotNull(served);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i => (await ask(new Random(-i))).Dispose())); // compiles what is measured
        var times = new List<double>();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(client * 7919);
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                long began = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await ask(random);
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
                lock (times) { times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds); }
            }
        })));
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        times.Sort();
        output.WriteLine(new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"{name,-22} {times.Count,6} requests, {times.Count / watch.Elapsed.TotalSeconds,7:F1}/s, p50 {times[times.Count / 2],7:F1} ms, p99 {times[times.Count * 99 / 100],7:F1} ms, {cpu.TotalMilliseconds / times.Count,6:F2} ms CPU each (clients too); {Memory()}")
            .ToString());
    }

    private sealed class TinyModels(ClipModel clip) : IQueryModels
    {
        private readonly SemaphoreSlim _gate = new(1);

        public int Width => clip.Width;

        public async ValueTask<float[]> TextAsync(string text, CancellationToken abort)
        {
            await _gate.WaitAsync(abort);
            try
            {
                return await Task.Run(() => clip.EmbedText(text), abort);
            }
            finally
            {
                _gate.Release();
            }
        }

        public ValueTask<float[]> PictureAsync(ReadOnlyMemory<byte> file, CancellationToken abort) => throw new NotSupportedException();
    }
}

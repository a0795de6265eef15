using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Vectors;

namespace LaionStream.Benchmarks.Serving;

/// <summary>
/// <c>serve metadata FOLDER</c> writes metadata for the vectors of a folder of embeddings; <c>serve load URL PID QUERIES SECONDS [CLIENTS [PER-SECOND]]</c> loads
/// a service of this machine, a process of its own, and says what a request costs it: wall time, CPU time of the service alone, memory.
/// </summary>
internal static class ServeLoad
{
    private static readonly string[] Languages = ["en", "de", "fr", "es", "ja"];

    /// <summary>Runs one step.</summary>
    /// <param name="args">As the summary says.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["metadata", { } folder]:
                await WriteMetadataAsync(folder);
                return 0;
            case ["load", { } url, { } pid, { } queries, { } seconds, .. var more]:
                using (var load = new Load(new Uri(url), Number(pid), Bodies(queries), Number(seconds), more.Length > 0 ? Number(more[0]) : 16, more.Length > 1 ? Number(more[1]) : 0))
                {
                    await load.RunAsync();
                }

                return 0;
            default:
                Console.Error.WriteLine("serve metadata FOLDER | serve load URL PID QUERIES.npy SECONDS [CLIENTS [REQUESTS-PER-SECOND]]");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task WriteMetadataAsync(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "metadata"));
        int first = 0;
        string[] files = [.. Directory.GetFiles(Path.Combine(folder, "img_emb"), "*.npy").Order(StringComparer.Ordinal)];
        for (int file = 0; file < files.Length; file++)
        {
            int rows = (int)((new FileInfo(files[file]).Length - NpyHeader.Bytes) / (512 * NpyHeader.NumberBytes));
            await using FileStream to = File.Create(Path.Combine(folder, "metadata", $"metadata_{file:D4}.parquet"));
            var columns = new AnyColumns(
            [
                new("url", typeof(string), true), new("caption", typeof(string), true), new("width", typeof(int), true), new("height", typeof(int), true),
                new("NSFW", typeof(string), true), new("LANGUAGE", typeof(string), true), new("LICENSE", typeof(string), true), new("similarity", typeof(double), true),
                new("punsafe", typeof(float), true), new("aesthetic", typeof(float), true), new("hash", typeof(long), true), new("fetched_at", typeof(DateTime), true),
                new("phash", typeof(string), true), new("key", typeof(string), true),
            ]);
            PartFileWriter<IReadOnlyList<object?>> writer = await PartFileWriter<IReadOnlyList<object?>>.CreateAsync(to, columns, new Dictionary<string, string>(), 16 << 20);
            for (int row = first; row < first + rows; row++) { await writer.AddAsync(Row(row), CancellationToken.None); }
            await writer.CompleteAsync(CancellationToken.None);
            first += rows;
        }

        Console.WriteLine($"{first} rows in {files.Length} files");
    }

    private static object?[] Row(int row)
    {
        var random = new Random(row);
        return
        [
            $"https://images.host{random.Next(20_000)}.example/pictures/{row:x8}/large.jpg", $"A photograph of thing number {row} on a {(row % 2 == 0 ? "red" : "blue")} table, seen in the afternoon",
            200 + random.Next(2000), 200 + random.Next(2000), random.Next(50) == 0 ? "NSFW" : "UNLIKELY", Languages[random.Next(Languages.Length)], random.Next(20) == 0 ? "cc-by" : "?",
            0.28 + (random.NextDouble() * 0.1), (float)(random.NextDouble() * random.NextDouble() * 0.7), (float)(3 + (random.NextDouble() * 4)), row * 7919L,
            DateTime.UnixEpoch.AddSeconds(1_700_000_000 + row), row.ToString("x16", CultureInfo.InvariantCulture), row.ToString("D9", CultureInfo.InvariantCulture),
        ];
    }

    private static byte[][] Bodies(string queries)
    {
        byte[] file = File.ReadAllBytes(queries);
        Half[] numbers = MemoryMarshal.Cast<byte, Half>(file.AsSpan(NpyHeader.Bytes)).ToArray();
        return
        [
            .. numbers.Chunk(512).Select((vector, i) => JsonSerializer.SerializeToUtf8Bytes(
                new { query = new[] { new { vector = vector.Select(number => (float)number) } }, limit = 40, filter = new { width = new { min = 200 + (i % 2) } } })),
        ];
    }

    private sealed class Load(Uri service, int pid, byte[][] bodies, int seconds, int clients, int perSecond) : IDisposable
    {
        private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = service };
        private readonly List<double> _times = [];
        private int _seed;

        public async Task RunAsync()
        {
            string path = new Uri(service, "/api/v1/search").ToString();
            await MeasureAsync("vector search, page of 40", random => PostAsync(path, bodies[random.Next(bodies.Length)], random, "vector"), Math.Max(5, seconds));
            if (perSecond > 0) { return; }

            await MeasureAsync("the same, copies kept", random => PostAsync(path, bodies[random.Next(bodies.Length)], random, "kept"), 5);
            await MeasureAsync("similar to a row", random => _client.GetAsync($"/api/v1/rows/{random.Next(1_000_000)}/similar?limit=40"), 5);
            await MeasureAsync("knn-service, 40", random => PostAsync("/knn-service", Clip(bodies[random.Next(bodies.Length)], random), null, null), 5);
            await MeasureAsync("facets of a new filter", random => PostAsync("/api/v1/facets", JsonSerializer.SerializeToUtf8Bytes(new { filter = new { width = new { min = random.NextDouble() * 2000 } } }), null, null), 5);
            await MeasureAsync("captions with a text", random => PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(new { filter = new { text = $"number {random.Next(1_000_000)}" }, limit = 40 }), null, null), 5);
            await MeasureAsync("one row", random => _client.GetAsync($"/api/v1/rows/{random.Next(1_000_000)}"), 3);
        }

        public void Dispose() => _client.Dispose();

        private Task<HttpResponseMessage> PostAsync(string path, byte[] body, Random? random, string? kind)
        {
            byte[] sent = random is null ? body : Changed(body, random, kind == "kept" ? ",\"distinct\":false" : "");
            var content = new ByteArrayContent(sent);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return _client.PostAsync(path, content);
        }

        private static byte[] Clip(byte[] body, Random random)
        {
            string text = Encoding.UTF8.GetString(Changed(body, random, ""));
            string vector = text[text.LastIndexOf('[', text.IndexOf(']', StringComparison.Ordinal))..(text.IndexOf(']', StringComparison.Ordinal) + 1)];
            return Encoding.UTF8.GetBytes($$"""{"embedding_input":{{vector}},"modality":"image","num_images":40,"indice_name":"image","deduplicate":true,"use_safety_model":true}""");
        }

        /// <summary>The first number of the vector changes with each request, so that no answer is known already.</summary>
        private static byte[] Changed(byte[] body, Random random, string end)
        {
            int at = body.AsSpan().IndexOf("[{\"vector\":["u8) + 12;
            int comma = at + body.AsSpan(at).IndexOf((byte)',');
            byte[] number = Encoding.ASCII.GetBytes(((random.NextSingle() - 0.5f) / 100).ToString("F7", CultureInfo.InvariantCulture));
            return [.. body.AsSpan(0, at), .. number, .. body.AsSpan(comma, body.Length - comma - 1), .. Encoding.ASCII.GetBytes(end), .. "}"u8];
        }

        private async Task MeasureAsync(string name, Func<Random, Task<HttpResponseMessage>> ask, int length)
        {
            for (int i = 0; i < 50; i++) { (await ask(new Random(--_seed))).Dispose(); } // compiles what is measured
            lock (_times) { _times.Clear(); }
            TimeSpan before = Process.GetProcessById(pid).TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            var memory = new List<(double Seconds, long Anonymous, long Mapped)>();
            Task[] work = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => ClientAsync(client, ask, watch, length)))];
            for (Task all = Task.WhenAll(work); !all.IsCompleted;)
            {
                memory.Add((watch.Elapsed.TotalSeconds, Memory("RssAnon:"), Memory("RssFile:")));
                await Task.WhenAny(all, Task.Delay(1000));
            }

            await Task.WhenAll(work);
            double cpu = (Process.GetProcessById(pid).TotalProcessorTime - before).TotalMilliseconds;
            _times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-26} {_times.Count,6} requests, {_times.Count / watch.Elapsed.TotalSeconds,6:F0}/s, p50 {_times[_times.Count / 2],6:F1} ms, p99 {_times[_times.Count * 99 / 100],6:F1} ms, {cpu / _times.Count,6:F2} ms CPU of the service; MiB anonymous {memory[0].Anonymous} to {memory[^1].Anonymous}, slope {Slope(memory):F2} a minute; mapped {memory[^1].Mapped}"));
        }

        private async Task ClientAsync(int client, Func<Random, Task<HttpResponseMessage>> ask, Stopwatch watch, int length)
        {
            var random = new Random(HashCode.Combine(client, Interlocked.Increment(ref _seed)));
            for (int sent = 0; watch.Elapsed.TotalSeconds < length; sent++)
            {
                if (perSecond > 0)
                {
                    TimeSpan due = TimeSpan.FromSeconds(((sent * (double)clients) + client) / perSecond);
                    if (due > watch.Elapsed) { await Task.Delay(due - watch.Elapsed); }
                }

                long began = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await ask(random);
                if (!answer.IsSuccessStatusCode) { throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}"); }
                double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                lock (_times) { _times.Add(took); }
            }
        }

        private long Memory(string name)
        {
            string line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) >> 10;
        }

        /// <summary>MiB of anonymous memory a minute by least squares, the first third left out: caches fill.</summary>
        private static double Slope(List<(double Seconds, long Anonymous, long Mapped)> memory)
        {
            (double Seconds, long Anonymous, long Mapped)[] late = [.. memory.Skip(memory.Count / 3)];
            if (late.Length < 3) { return 0; }
            (double time, double size) = (late.Average(one => one.Seconds), late.Average(one => (double)one.Anonymous));
            return 60 * late.Sum(one => (one.Seconds - time) * (one.Anonymous - size)) / late.Sum(one => (one.Seconds - time) * (one.Seconds - time));
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Removal;
using LaionStream.Dataset.Rows;
using LaionStream.Search.Index;
using LaionStream.Search.Removal;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Removal;

/// <summary>
/// Rows are removed from an output while it is served: they vanish from answers, no answer fails, and none shows another row's picture or caption.
/// </summary>
public sealed class ServedRemovalTests
{
    private const int Parts = 6;
    private const int PartRows = 60;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_WhileRowsAreRemoved_NeverFailsNorMixesRows(bool isIndexed)
    {
        await using ServedOutput served = await ServedOutput.StartAsync(async output =>
        {
            for (int part = 0; part < Parts; part++)
            {
                SampleRow[] rows = [.. Enumerable.Range(part * PartRows, PartRows).Select(MadeOutput.Row)];
                await output.AddPartAsync(part % 2 == 0 ? "en" : "multi", rows, [.. rows.Select(row => ServedOutput.Degrees((int)row.SampleId))]);
            }
        }, change: options => (options.RequestsPerSecond, options.Burst) = (1_000_000, 1_000_000));
        string folder = served.Output.Folder;
        if (isIndexed)
        {
            new IndexBuilder(folder, new IndexOptions { ExactBelow = 2, SegmentRows = 100, Threads = 1 })
                .Build(VectorKind.Image, compacts: false, CancellationToken.None);
        }

        var gone = new HashSet<int>();
        using var end = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 3).Select(client => Task.Run(() => AskAsync(served, client, end.Token)))];
        foreach (int[] round in new[] { Rows(7), Rows(13), [.. Enumerable.Range(PartRows, PartRows)], Rows(3) })
        {
            Remove(folder, round);
            gone.UnionWith(round);
            await UntilAsync(async () => await CountAsync(served) == (Parts * PartRows) - gone.Count);
            foreach (int number in round.Take(5))
            {
                Assert.DoesNotContain((await SearchAsync(served, number)).Rows, row => gone.Contains(row.Number));
            }
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(clients), asked => Assert.True(asked > 3, $"{asked} requests"));
        Assert.Equal((Parts * PartRows) - gone.Count, (await SearchAsync(served, 0, limit: 500)).Rows.Count);
    }

    private static int[] Rows(int each) => [.. Enumerable.Range(0, Parts * PartRows).Where(number => number % each == 1)];

    /// <summary>Removes as <c>remove</c> does from an output that no run wrote: new part, index, row files of the old one.</summary>
    private static void Remove(string folder, int[] numbers)
    {
        var list = new RemovalList();
        list.Add("hash", "list.txt",
            Encoding.UTF8.GetBytes(string.Join('\n', numbers.Select(number => MadeOutput.Row(number).Hash.ToString(CultureInfo.InvariantCulture)))));
        DerivedReport report =
            Assert.Single(new DerivedRemoval(list, new RemovedSet(), TimeProvider.System).Run([], [folder], isTrial: false, CancellationToken.None));
        Assert.Equal((DerivedState.Done, null), (report.State, report.Reason));
    }

    /// <summary>Searches and browses until the end, and looks at every answer.</summary>
    private static async Task<int> AskAsync(ServedOutput served, int client, CancellationToken end)
    {
        int asked = 0;
        for (int degrees = client * 100; !end.IsCancellationRequested; degrees = (degrees + 37) % (Parts * PartRows), asked++)
        {
            (HttpStatusCode status, List<(long Id, int Number, double? Score)> rows) = await SearchAsync(served, degrees);
            Assert.Equal(HttpStatusCode.OK, status);
            foreach ((long id, int number, double? score) in rows)
            {
                Assert.True(Math.Abs(Math.Cos((degrees - number) * Math.PI / 180) - score!.Value) < 0.01,
                    $"row {id} is number {number}, and got {score} for {degrees}");
            }

            foreach (string path in new[] { $"/api/v1/rows/{rows.FirstOrDefault().Id}", $"/api/v1/rows/{rows.LastOrDefault().Id}/similar", "/api/v1/info" })
            {
                using HttpResponseMessage answer = await served.Client.GetAsync(path, CancellationToken.None);
                Assert.True((int)answer.StatusCode is 200
                    or 404, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            }

            using HttpResponseMessage filtered =
                await served.Client.PostAsJsonAsync("/api/v1/search",
                new
                {
                    filter = new { sets = new[] { "en" } },
                    query = new[] { new { vector = ServedOutput.Degrees(degrees) } },
                    safe = "show",
                    limit = 20
                }, CancellationToken.None);
            Assert.True(filtered.StatusCode == HttpStatusCode.OK, await filtered.Content.ReadAsStringAsync(CancellationToken.None));
        }

        return asked;
    }

    private static async Task<(HttpStatusCode Status, List<(long Id, int Number, double? Score)> Rows)> SearchAsync(ServedOutput served, int degrees,
        int limit = 30)
    {
        using HttpResponseMessage answer = await served.Client.PostAsJsonAsync(
            "/api/v1/search", new
            {
                query = new[] { new { vector = ServedOutput.Degrees(degrees) } },
                safe = "show",
                distinct = false,
                limit
            }, CancellationToken.None);
        string text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using JsonDocument json = JsonDocument.Parse(text);
        return (answer.StatusCode, [.. json.RootElement.GetProperty("rows").EnumerateArray().Select(row => (row.GetProperty("id").GetInt64(),
            int.Parse(Path.GetFileNameWithoutExtension(row.GetProperty("url").GetString()!), CultureInfo.InvariantCulture), row.GetProperty("score")
                .ValueKind == JsonValueKind.Null ? (double?)null : row.GetProperty("score").GetDouble()))]);
    }

    private static async Task<long> CountAsync(ServedOutput served)
    {
        JsonElement info = await served.Client.GetFromJsonAsync<JsonElement>("/api/v1/info");
        return info.GetProperty("rows").GetInt64() == info.GetProperty("indexes")[0].GetProperty("vectors").GetInt64()
            ? info.GetProperty("rows").GetInt64()
            : -1;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        DateTime deadline = DateTime.UtcNow.AddMinutes(1);
        while (!await isSo())
        {
            Assert.True(DateTime.UtcNow < deadline, "It did not become so within a minute.");
            await Task.Delay(50);
        }
    }
}

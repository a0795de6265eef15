using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Verify;

namespace LaionStream.Host.Tests.Process;

/// <summary>What must hold of an output whose processes are killed again and again.</summary>
internal static class KilledOutput
{
    private const double Tolerance = 1e-5; // docs/spec.md, 9: batches differ, and with them the last bits of a score
    public const int KilledBySignal = 128 + 9;

    /// <summary>Columns that tell when a row was fetched and in which part it lies.</summary>
    private static readonly HashSet<string> OfTheRun = new(StringComparer.Ordinal) { "fetched_at", "shard", "key", "dropped_at" };

    /// <summary>A reader that globs the folder sees only complete files, and none that it saw is removed.</summary>
    public static async Task AssertVisibleIsWholeAsync(string output, HashSet<string> seen, int kill)
    {
        if (!Directory.Exists(output)) { return; }
        string[] visible = Directory.GetFiles(output, "*.parquet", SearchOption.AllDirectories);
        Assert.True(seen.IsSubsetOf(visible), $"after kill {kill} a part has vanished");
        foreach (string part in visible.Where(seen.Add))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            Assert.Equal(reader.Rows, (await reader.ReadLongsAsync("SAMPLE_ID")).Length);
            if (!Path.GetFileName(part).StartsWith("part-", StringComparison.Ordinal)) { continue; }

            string folder = Path.GetDirectoryName(part)!;
            string number = Path.GetFileNameWithoutExtension(part)["part-".Length..];
            string[] others = [$"images/{number}.tar", $"images/{number}.parquet", $"embeddings/img_emb/img_emb_{number}.npy",
                $"embeddings/text_emb/text_emb_{number}.npy"];
            Assert.All(others, other => Assert.True(File.Exists(Path.Combine(folder, other)), $"after kill {kill} a reader sees {part} without {other}"));
        }
    }

    public static async Task AssertSameAsync(KillWorld world)
    {
        foreach (string output in new[] { "undisturbed", "killed" })
        {
            VerifyReport verified = await new RunVerifier(world.Output(output)).VerifyAsync(default);
            Assert.True(verified.IsWhole, verified.Line);
            Assert.Equal((world.Links, KillWorld.Files), (verified.Links, verified.FilesDone));
        }

        RunSummary expected = await world.SummaryAsync("undisturbed");
        RunSummary found = await world.SummaryAsync("killed");
        Assert.Equal(expected.Dropped.Where(pair => pair.Value > 0), found.Dropped.Where(pair => pair.Value > 0));
        Assert.Equal((expected.Links, expected.Candidates, expected.Kept, expected.Complete, expected.Files),
            (found.Links, found.Candidates, found.Kept, found.Complete, found.Files));
        Assert.Equal(expected.Sets.OrderBy(set => set.Key, StringComparer.Ordinal), found.Sets.OrderBy(set => set.Key, StringComparer.Ordinal));
        Assert.Equal(["en", "multi", "nolang"], expected.Sets.Keys.Order(StringComparer.Ordinal));
        Assert.True(expected.Dropped.Count(pair => pair.Value > 0) >= 10, "the input should end for many reasons");

        Dictionary<long, IReadOnlyList<KeyValuePair<string, object?>>> undisturbed = await world.RowsAsync("undisturbed");
        Dictionary<long, IReadOnlyList<KeyValuePair<string, object?>>> killed = await world.RowsAsync("killed");
        Assert.Equal(undisturbed.Keys.Order(), killed.Keys.Order());
        foreach ((long id, IReadOnlyList<KeyValuePair<string, object?>> row) in undisturbed) { AssertSame(row, killed[id]); }

        Dictionary<(long, int), IReadOnlyList<KeyValuePair<string, object?>>> drops = await world.DroppedAsync("undisturbed");
        Dictionary<(long, int), IReadOnlyList<KeyValuePair<string, object?>>> others = await world.DroppedAsync("killed");
        Assert.True(drops.Count >= expected.Dropped.Values.Sum(), $"{drops.Count} dropped rows");
        Assert.Equal(drops.Keys.Order(), others.Keys.Order());
        foreach (((long, int) row, IReadOnlyList<KeyValuePair<string, object?>> cells) in drops) { AssertSame(cells, others[row]); }
    }

    private static void AssertSame(IReadOnlyList<KeyValuePair<string, object?>> expected, IReadOnlyList<KeyValuePair<string, object?>> found)
    {
        Assert.Equal(expected.Select(cell => cell.Key), found.Select(cell => cell.Key));
        foreach (((string name, object? value), (_, object? other)) in expected.Zip(found).Where(pair => !OfTheRun.Contains(pair.First.Key)))
        {
            if (value is double or float) { Assert.Equal(Convert.ToDouble(value), Convert.ToDouble(other), Tolerance); }
            else { Assert.True(Equals(value, other), $"{name}: {value} became {other}"); }
        }
    }

    public static async Task EndWellAsync(HostProcess process)
    {
        (int code, _, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
    }

    public static async Task UntilAsync(int wanted, Func<int> count, HostProcess process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (count() < wanted && !process.HasExited) { await Task.Delay(5, patience.Token); }
    }
}

using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Tests.Inputs.Lists;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Lists of random bytes and damaged ones. A list may be refused as a whole with a reason; otherwise each row has an outcome.</summary>
internal static class ListFuzz
{
    private static readonly byte[][] Pieces =
        [[0], [0xFF], [0xEF, 0xBB, 0xBF],
            .. new[] { "\"", "\"\"", ",", "\n", "\r\n", "\r", "\t", "{", "}", "\\u12", "\"url\":", "http://a", "null", "[", "é",
            "\"text\":\"a black cat\"" }.Select(Encoding.UTF8.GetBytes)];

    private static readonly (string Name, string Head)[] Kinds =
        [("r.csv", "url,text,more\n"), ("r.tsv", "url\ttext\tmore\n"), ("r.jsonl", "{\"url\":\"http://a\",\"text\":\"a black cat\",\"more\":1}\n"),
            ("r.txt", ""), ("r.csv.gz", "url,text\n"), ("r.jsonl.gz", "{\"url\":\"http://a\",\"text\":\"x\"}\n")];

    private static readonly Lazy<Task<byte[]>> Parquet =
        new(() => ParquetListTests.MakeAsync(
        "'https://a/' || i AS url, 'cat number ' || md5(i::VARCHAR) AS caption, i AS n, i / 3.0 AS d FROM range(6000) t(i)"));

    public static async Task TextAsync(int seed)
    {
        var random = new Random(seed);
        (string name, string head) = Kinds[random.Next(Kinds.Length)];
        byte[] content = [.. Encoding.UTF8.GetBytes(random.Next(10) == 0 ? "" : head), .. Enumerable.Range(0, random.Next(300))
            .SelectMany(_ => Pieces[random.Next(Pieces.Length)])];
        using var world = new ListWorld();
        InputFile file = world.Write(name, content);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.WriteAllBytes(file.Location, Damage.Random(File.ReadAllBytes(file.Location), random));
        }

        await ReadAsync(world, file);
    }

    public static async Task ParquetAsync(int seed)
    {
        using var world = new ListWorld();
        await ReadAsync(world, world.Write("r.parquet", Damage.Random(await Parquet.Value, new Random(seed))));
    }

    private static async Task ReadAsync(ListWorld world, InputFile file)
    {
        try
        {
            List<LinkOutcome> outcomes = await world.ReadAsync(file, captionRequired: false);
            Assert.Equal(outcomes.Count, world.Health.Records);
            Assert.All(outcomes, outcome => Assert.Equal(outcome.Reason == DropReason.None, outcome.Candidate is not null));
        }
        catch (Exception e) when (e is IOException or ListSchemaException)
        {
            Assert.Contains(Path.GetFileName(file.Location), e.Message, StringComparison.Ordinal);
        }
    }
}

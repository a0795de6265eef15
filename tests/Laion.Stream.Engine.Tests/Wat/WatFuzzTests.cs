using System.Text;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Wat;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Wat;

/// <summary>Feeds reader, members and link scan with damaged files for minutes; the short forms stand with the rooms' other tests.</summary>
public class WatFuzzTests
{
    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Read_DamagedFiles_NeverThrowsNorInventsLinksForMinutes()
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        byte[] file = WatFixture.Write(30);
        HashSet<long> known = [.. (await WatFixture.ReadAsync(file)).Verdicts.Where(v => v.Candidate is not null).Select(v => v.Candidate!.Hash)];
        long end = Environment.TickCount64 + (long)TimeSpan.FromMinutes(3).TotalMilliseconds;
        for (int seed = 1_000_000; Environment.TickCount64 < end; seed++)
        {
            byte[] damaged = Damage.Random(Damage.Random(file, new Random(seed)), new Random(~seed));
            (List<LinkVerdict> verdicts, _) = await WatFixture.ReadAsync(damaged);
            Assert.All(verdicts, v => Assert.True(v.Candidate is null || known.Contains(v.Candidate.Hash), $"seed {seed}"));
        }
    }

    [Fact]
    public void Decode_RandomStrings_AgreesWithTheFullParser()
    {
        var text = new JsonText();
        string[] parts = ["a", "é", "\U0001F600", "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\u00e9", "\\uD83D\\uDE00", "\\b", "\\f", "\\r", " "];
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            string raw = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => parts[random.Next(parts.Length)]));
            string expected = System.Text.Json.JsonSerializer.Deserialize<string>($"\"{raw}\"")!;
            Assert.Equal(expected, text.Decode(Encoding.UTF8.GetBytes(raw)).ToString());
        }
    }

    [Fact]
    public void Decode_DamagedStrings_NeverThrows()
    {
        var text = new JsonText();
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            byte[] raw = new byte[random.Next(40)];
            random.NextBytes(raw);
            for (int i = 0; i + 1 < raw.Length; i += 3)
            {
                (raw[i], raw[i + 1]) = ((byte)'\\', (byte)"u\\\"n\xE9"[random.Next(5)]);
            }

            Assert.True(text.Decode(raw).Length <= raw.Length);
        }
    }
}

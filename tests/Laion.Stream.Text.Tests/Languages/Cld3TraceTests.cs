using System.Text;
using System.Text.Json;
using LaionStream.TestWorld;
using LaionStream.Text.Languages;

namespace LaionStream.Text.Tests.Languages;

/// <summary>Compares every step with the intermediate values of a second implementation that agrees with the original.</summary>
public sealed class Cld3TraceTests
{
    [SkippableFact]
    public void Steps_TracedTexts_GiveTheTracedValues()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        int rows = 0;
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "golden", "cld3-trace.jsonl")))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            AssertSteps(json.RootElement);
            rows++;
        }

        Assert.True(rows > 100);
    }

    private static void AssertSteps(JsonElement row)
    {
        byte[] text = Encoding.UTF8.GetBytes(row.GetProperty("text").GetString()!);
        var scratch = new Cld3Scratch();
        int length = ScriptSpans.Clean(text, ScriptSpans.ValidPrefix(text), scratch.Cleaned);
        Assert.Equal(row.GetProperty("cleaned").GetString(), Encoding.UTF8.GetString(scratch.Cleaned, 0, length));
        if (row.GetProperty("language").GetString() == "und")
        {
            return;
        }

        length = TextSqueeze.Squeeze(scratch.Cleaned, length, scratch.Predictions);
        Assert.Equal(row.GetProperty("squeezed").GetString(), Encoding.UTF8.GetString(scratch.Cleaned, 0, length));

        byte[] selected = Encoding.UTF8.GetBytes(row.GetProperty("t").GetString()!);
        Cld3Features.Extract(selected, Cld3Weights.Shared, scratch);
        float[] expected = [.. row.GetProperty("x").EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(Cld3Weights.InputWidth, expected.Length);
        Assert.All(expected.Zip(scratch.Input), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));

        Cld3Network.Run(Cld3Weights.Shared, scratch);
        foreach (JsonElement top in row.GetProperty("top3").EnumerateArray())
        {
            int index = Array.IndexOf(Cld3Weights.Shared.Languages, top[0].GetString());
            Assert.Equal(top[1].GetSingle(), scratch.Scores[index], 2e-4f);
        }
    }
}

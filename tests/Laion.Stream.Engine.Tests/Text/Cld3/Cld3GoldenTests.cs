using LaionStream.Engine.Text;
using LaionStream.Engine.Text.Cld3;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Text.Cld3;

public sealed class Cld3GoldenTests
{
    private const float Tolerance = 1e-4f;

    [SkippableTheory]
    [InlineData("cld3-5-2000.jsonl", 5, 2000)]
    [InlineData("cld3-0-1000.jsonl", 0, 1000)]
    [InlineData("cld3-bytes-5-2000.jsonl", 5, 2000)]
    public void Identify_GoldenTexts_AgreesWithReference(string file, int minBytes, int maxBytes)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        AssertAgrees(SharedData.PathOf("data", "golden", file), new Cld3LanguageModel(minBytes, maxBytes));
    }

    private static void AssertAgrees(string path, Cld3LanguageModel model)
    {
        int rows = 0;
        var differing = new List<string>();
        foreach (GoldenRow row in GoldenRow.Read(path))
        {
            rows++;
            LanguageAnswer answer = row.Hex is null ? model.Identify(row.Text) : model.Identify(Convert.FromHexString(row.Hex));
            if (answer.Language != row.Language || answer.IsReliable != row.IsReliable || Math.Abs(answer.Probability - row.Probability) > Tolerance)
            {
                differing.Add($"{rows} {row.Kind}: {row.Text ?? row.Hex} is {row.Language} {row.Probability}, not {answer}");
            }
        }

        Assert.True(rows > 100, $"{path} holds {rows} rows only");
        Assert.True(differing.Count == 0, $"{differing.Count} of {rows} rows differ:\n{string.Join('\n', differing)}");
    }
}

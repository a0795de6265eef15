using System.Runtime.CompilerServices;
using System.Text.Json;
using LaionStream.Text.Languages;

namespace LaionStream.Text.Tests.Languages;

/// <summary>One reference answer of CLD3.</summary>
internal sealed record GoldenRow(string? Text, string? Hex, string Kind, LanguageAnswer Answer)
{
    /// <summary>Rows of a golden file: <c>text</c> or <c>hex</c>, and one answer.</summary>
    public static IEnumerable<GoldenRow> Read(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement row = json.RootElement;
            yield return new GoldenRow(
                row.TryGetProperty("text", out JsonElement text) ? text.GetString() : null,
                row.TryGetProperty("hex", out JsonElement hex) ? hex.GetString() : null,
                (row.TryGetProperty("origin", out JsonElement origin) ? origin : row.GetProperty("kind")).GetString()!,
                new LanguageAnswer(row.GetProperty("language").GetString()!, row.GetProperty("probability").GetSingle(), row.GetProperty("is_reliable")
                    .GetBoolean()));
        }
    }

    /// <summary>Rows of the committed fixture, which has answers under two settings.</summary>
    /// <param name="setting"><c>laion</c> or <c>datacomp</c>.</param>
    public static IEnumerable<GoldenRow> ReadFixture(string setting)
    {
        foreach (string line in File.ReadLines(FixturePath()))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement row = json.RootElement;
            JsonElement answer = row.GetProperty(setting);
            yield return new GoldenRow(row.GetProperty("text").GetString(), null, row.GetProperty("origin").GetString()!,
                new LanguageAnswer(answer[0].GetString()!, answer[1].GetSingle(), answer[2].GetBoolean()));
        }
    }

    /// <summary>The difference from the reference, or null.</summary>
    public string? Difference(Cld3LanguageModel model)
    {
        LanguageAnswer ours = Hex is null ? model.Identify(Text) : model.Identify(Convert.FromHexString(Hex));
        bool same = ours.Language == Answer.Language && ours.IsReliable == Answer.IsReliable && Math.Abs(ours.Probability - Answer.Probability) <= 1e-4;
        return same ? null : $"{Kind}: {Text ?? Hex}: reference {Answer}, ours {ours}";
    }

    private static string FixturePath([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "cld3-fixture.jsonl");
}

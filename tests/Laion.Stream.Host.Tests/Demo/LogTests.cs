using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LaionStream.Host.Tests.Demo;

/// <summary>The log of a whole run, as programs read it.</summary>
public sealed partial class LogTests
{
    [Fact]
    public async Task Log_OfARun_HasNumbersAsNumbersAndOneNameForEachEvent()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Log:Level", "Debug"));
        await run.ExecuteAsync();
        JsonElement[] events = [.. Directory.EnumerateFiles(Path.Combine(run.Output, "logs")).SelectMany(File.ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement)];

        string[] texts = [.. events.SelectMany(one => one.EnumerateObject().SelectMany(property => Texts(property.Name, property.Value)))
            .Where(text => IsNumber(text.Value)).Select(text => $"{text.Name}: {text.Value}").Distinct()];
        Assert.True(texts.Length == 0, string.Join(Environment.NewLine, texts));
        var named = events.Where(one => one.TryGetProperty("EventId", out _)).Select(one => one.GetProperty("EventId"))
            .Select(id => (Id: id.GetProperty("Id").GetInt32(), Name: id.GetProperty("Name").GetString())).Distinct().ToArray();
        Assert.InRange(named.Length, 8, 200);
        Assert.Equal(named.Length, named.Select(id => id.Id).Distinct().Count());
        Assert.Equal(named.Length, named.Select(id => id.Name).Distinct().Count());
        Assert.Contains(events, one => one.TryGetProperty("Timeout", out JsonElement timeout) && timeout.GetDouble() > 0);
    }

    private static IEnumerable<(string Name, string Value)> Texts(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when !name.StartsWith('@') => [(name, value.GetString()!)],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Texts(name, item)),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(item => Texts($"{name}.{item.Name}", item.Value)),
        _ => [],
    };

    // A number, with or without a unit, or a duration.
    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _) || Quantity().IsMatch(text);

    [GeneratedRegex(@"^(-?[\d.,]+ ?(%|ms|s|B|[KMG]i?B)|(\d+\.)?\d{1,2}:\d{2}:\d{2}(\.\d+)?)$")]
    private static partial Regex Quantity();
}

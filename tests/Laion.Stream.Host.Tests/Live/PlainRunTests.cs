using System.Text.Json;
using System.Text.RegularExpressions;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Live;

/// <summary>Progress where there is no terminal: lines for people, numbers for programs.</summary>
public sealed partial class PlainRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-plain-");

    [Fact]
    public async Task Run_Piped_WritesShortLinesAndNumbers()
    {
        string output = Path.Combine(_folder.FullName, "out");
        using HostProcess run = HostProcess.Start("demo", "--output", output, "--Laion:Pipeline:SummaryInterval=00:00:01", "--Laion:Download:Concurrency=2");

        (int code, _, string error) = await run.EndAsync();

        Assert.Equal(0, code);
        Assert.DoesNotContain('\e', error);
        string[] lines = [.. error.Split('\n').Where(line => line.Contains(" links/s", StringComparison.Ordinal))];
        Assert.True(lines.Length >= 2, error);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.All(lines, line => Assert.InRange(line.Length, 60, 160));
        JsonElement[] events = [.. Directory.EnumerateFiles(Path.Combine(output, "logs")).SelectMany(File.ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement).Where(one => one.TryGetProperty("LinksPerSecond", out _))];
        Assert.Equal(lines.Length, events.Length);
        Assert.All(events, one => Assert.All((string[])["Percent", "InputBytes", "InputTotal", "Elapsed", "LinksPerSecond", "PicturesPerSecond", "KeptPerSecond",
            "MegabytesPerSecond", "Links", "InFlight", "Written", "Kept", "FilesDone", "FilesKnown"],
            name => Assert.Equal(JsonValueKind.Number, one.GetProperty(name).ValueKind)));
        Assert.Contains(events, one => one.GetProperty("Success").ValueKind == JsonValueKind.Number);
        Assert.Equal(100, events[^1].GetProperty("Percent").GetDouble());
    }

    [Fact]
    public async Task Extract_Piped_WritesLinesWithoutDownloads()
    {
        string list = Path.Combine(_folder.FullName, "many.txt");
        await File.WriteAllLinesAsync(list, Enumerable.Range(0, 2_500_000).Select(number => $"https://host{number}.example/{number}.jpg"));
        using HostProcess run = HostProcess.Start("extract", "--input", list, "--output", Path.Combine(_folder.FullName, "out"), "--plain",
            "--Laion:Pipeline:SummaryInterval=00:00:01");

        (int code, _, string error) = await run.EndAsync();

        Assert.Equal(0, code);
        string[] lines = [.. error.Split('\n').Where(line => line.Contains(" links/s", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.DoesNotContain("pictures/s", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => Partial().IsMatch(line)); // the share grows while a list is read
    }

    [Fact]
    public async Task Verify_Piped_WritesOneLineAnInterval()
    {
        string output = Path.Combine(_folder.FullName, "out");
        using (HostProcess run = HostProcess.Start("demo", "--output", output)) { Assert.Equal(0, (await run.EndAsync()).Code); }
        using HostProcess verify = HostProcess.Start("verify", output, "--plain", "--Laion:Pipeline:SummaryInterval=00:00:00.01");

        (int code, string result, string error) = await verify.EndAsync();

        Assert.Equal(0, code);
        Assert.Single(result.Trim().Split('\n')); // the result is as it was
        Assert.All(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^[0-9:]{8} INF verify: ", line));
        Assert.All(error.Split('\n'), line => Assert.InRange(line.Length, 0, 160));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(@"^\d\d:\d\d:\d\d INF \d+\.\d% in \d\d:\d\d:\d\d(, [\d:]+ left)?, [\d,.]+ links/s, [\d,.]+ pictures/s, [\d,.]+ kept/s, [\d,.]+ MB/s(, [\d.]+% ok)?, bottleneck .+")]
    private static partial Regex Line();

    [GeneratedRegex(@" INF ([1-9]\d?\.\d|0\.[1-9])% in ")]
    private static partial Regex Partial();
}

using LaionStream.Host.Tests.Faults;
using LaionStream.Host.Verbs;

namespace LaionStream.Host.Tests.Process;

/// <summary>Other settings on an old output.</summary>
public sealed class NewRunTests
{
    [Fact]
    public async Task Run_OtherSettings_IsRefusedAndNewRunTakesAFolderBeside()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        Assert.Equal(0, (await RunAsync(run)).Code);
        string[] before = Files(run.Output);

        run.Settings["Laion:Imaging:MinSide"] = "10";
        (int code, string output, string error) = await RunAsync(run);
        Assert.Equal(2, code);
        Assert.Contains("Imaging:MinSide: the output has", error, StringComparison.Ordinal);
        Assert.Contains("--new-run", error, StringComparison.Ordinal);

        (code, output, error) = await RunAsync(run, "--new-run");
        Assert.True(code == 0, error);
        Assert.StartsWith($"New run in {run.Output}-2", output, StringComparison.Ordinal);
        Assert.Equal(before.Where(file => !file.Contains("/logs/", StringComparison.Ordinal)), Files(run.Output)
            .Where(file => !file.Contains("/logs/", StringComparison.Ordinal)));
        run.Output += "-2";
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
        Assert.Equal(0, (await RunAsync(run)).Code); // and is resumed under its own name
    }

    [Fact]
    public void FolderFor_NewEmptyOrTaken_IsTheFirstThatHoldsNothing()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("laion-new");
        string output = Path.Combine(root.FullName, "out");
        Assert.Equal(output, NewRun.FolderFor(output));
        Directory.CreateDirectory(output);
        Assert.Equal(output, NewRun.FolderFor(output));
        File.WriteAllText(Path.Combine(output, "x"), "");
        Assert.Equal(output + "-2", NewRun.FolderFor(output));
        File.WriteAllText(output + "-2", "a file");
        Directory.CreateDirectory(output + "-3");
        Assert.Equal(output + "-3", NewRun.FolderFor(output));
        root.Delete(recursive: true);
    }

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static async Task<(int Code, string Output, string Error)> RunAsync(SmallRun run, params string[] options)
    {
        using HostProcess process = HostProcess.Start(["run", .. options, .. HostProcess.Keys(run.AllSettings())]);
        return await process.EndAsync();
    }
}

using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Faults;

/// <summary>The executable on a disk that is full or read-only.</summary>
public sealed class DiskTests
{
    private const int Rows = 2 * SmallRun.KeptPerFile;
    private const int Links = 2 * SmallRun.LinksPerFile;

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(28)]
    [InlineData(64)]
    [InlineData(92)]
    public async Task Run_DiskFull_ReportsItAndResumesWithSpace(int freeKilobytes)
    {
        using SmallDisk? disk = SmallDisk.TryMount(2048);
        Skip.If(disk is null, SmallDisk.NeedsRoot);
        await using SmallRun run = await SmallRun.StartAsync();
        run.Output = Path.Combine(disk.Path, "out");
        disk.FillBut(freeKilobytes);

        (int code, _, string error) = await RunAsync(run);
        Assert.True(code is 1 or 2, $"{code} with {freeKilobytes} KiB: {error}");
        string told = error.Split('\n')
            .Single(line => line.StartsWith("Failed: ", StringComparison.Ordinal) || line.StartsWith("The output folder ", StringComparison.Ordinal));
        Assert.Contains("No space left on device", told, StringComparison.Ordinal);
        Assert.Contains(disk.Path, told, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", error, StringComparison.Ordinal);

        disk.Free();
        (code, _, error) = await RunAsync(run);
        Assert.True(code == 0, error);
        await run.AssertWholeAsync(Rows, Links);
    }

    [SkippableFact]
    public async Task Run_ReadOnlyOutput_IsRefusedAndStillVerified()
    {
        using SmallDisk? disk = SmallDisk.TryMount(2048);
        Skip.If(disk is null, SmallDisk.NeedsRoot);
        await using SmallRun run = await SmallRun.StartAsync();
        run.Output = Path.Combine(disk.Path, "out");
        string second = run.Inputs[1];
        run.Inputs.RemoveAt(1);
        Assert.Equal(0, (await RunAsync(run)).Code);

        disk.Remount("ro");
        run.Inputs.Add(second);
        (int code, _, string error) = await RunAsync(run);
        Assert.Equal(2, code);
        Assert.Contains("Read-only file system", error, StringComparison.Ordinal);
        Assert.Contains(disk.Path, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        using (HostProcess verify = HostProcess.Start("verify", run.Output))
        {
            (int verified, string output, _) = await verify.EndAsync();
            Assert.Equal(0, verified);
            Assert.StartsWith("whole: 50 rows", output, StringComparison.Ordinal);
        }

        disk.Remount("rw");
        Assert.Equal(0, (await RunAsync(run)).Code);
        await run.AssertWholeAsync(Rows, Links);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(SmallRun run)
    {
        using HostProcess process = HostProcess.Start(["run", .. HostProcess.Keys(run.AllSettings())]);
        return await process.EndAsync();
    }
}

using LaionStream.Host.Tests.Faults;
using static LaionStream.Host.Tests.Process.PoisonRun;

namespace LaionStream.Host.Tests.Process;

/// <summary>Decoding processes that exceed their limits, or go where they must not, are ended.</summary>
public sealed class PoisonLimitTests
{
    private static readonly int[] One = [20];

    [Theory]
    [InlineData("eat!", "memory")]
    [InlineData("hang", "time")]
    [InlineData("rest", "time")]
    public async Task Always_PictureOutgrowsItsLimits_IsPoisonAndItsProcessIsGone(string how, string why)
    {
        await using SmallRun run = await StartAsync(System.Text.Encoding.ASCII.GetBytes(how), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:00:05";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await AssertPoisonAsync(run, One, why, null);
    }

    [Theory]
    [InlineData("call")]
    [InlineData("exec")]
    public async Task Always_PictureThatTakesOverItsDecoder_OpensNoSocketAndStartsNoProgram(string what)
    {
        await using SmallRun run = await StartAsync(System.Text.Encoding.ASCII.GetBytes(what), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile); // it would have died, had it been let
    }
}

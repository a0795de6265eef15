using System.Globalization;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Run;

namespace LaionStream.Engine.Tests.OptOuts;

/// <summary>How switches, presets and older keys are resolved, and what that means for outputs of earlier versions.</summary>
public sealed class OptOutPolicyTests
{
    private static readonly Dictionary<string, string> Before = new() { ["Kind"] = "dataset", ["Download:RespectHeaders"] = "True" };

    [Fact]
    public void Of_Standard_ObeysWhatNeedsNoRequest()
    {
        OptOutPolicy policy = OptOutPolicy.Of(new());

        Assert.Equal(
            "x_robots_tag content_usage tdm_reservation robots_content_usage page_robots page_x_robots_tag page_tdm_reservation xmp_data_mining "
            + "c2pa_training_mining", Names(policy));
        Assert.False(policy.AsksRobots || policy.AsksTdmFile || policy.IsEarlier);
    }

    [Fact]
    public void Of_Strict_ObeysEverySignal()
    {
        OptOutPolicy policy = OptOutPolicy.Of(new() { Preset = OptOutPreset.Strict });

        Assert.Equal(OptOutSignals.All, policy.Obeyed.All);
        Assert.True(policy.AsksRobots && policy.AsksTdmFile);
    }

    [Fact]
    public void Of_None_ObeysNothingAndAsksNothing()
    {
        OptOutPolicy policy = OptOutPolicy.Of(new() { Preset = OptOutPreset.None });

        Assert.True(policy.Obeyed.IsEmpty);
        Assert.False(policy.AsksRobots || policy.AsksTdmFile);
    }

    [Fact]
    public void Of_Switches_OverrideThePreset()
    {
        OptOutPolicy one = OptOutPolicy.Of(new() { Preset = OptOutPreset.None, ContentSignal = true });
        OptOutPolicy all = OptOutPolicy.Of(new() { Preset = OptOutPreset.Strict, TdmRep = false, Page = false, RobotsTxt = false, XRobotsTag = false });

        Assert.Equal("robots_content_signal", Names(one));
        Assert.True(one.AsksRobots);
        Assert.Equal("content_usage robots_content_usage robots_content_signal xmp_data_mining c2pa_training_mining", Names(all));
        Assert.True(all.AsksRobots); // for the rules of Content-Usage
        Assert.False(all.AsksTdmFile);
    }

    [Fact]
    public void Of_SwitchThatIsOn_AlsoAsksTheOrigin()
    {
        Assert.True(OptOutPolicy.Of(new() { ContentUsage = true }).AsksRobots);
        Assert.True(OptOutPolicy.Of(new() { TdmRep = true }).AsksTdmFile);
        Assert.True(OptOutPolicy.Of(new() { RobotsTxt = true }).AsksRobots);
    }

    [Fact]
    public void Of_OlderKeys_MeanTheirSwitches()
    {
        Assert.Equal(OptOutPolicy.Of(new() { RobotsTxt = true }), OptOutPolicy.Of(new(), robots: true));
        Assert.Equal(OptOutPolicy.Of(new() { XRobotsTag = false, ContentUsage = false, TdmRep = false }), OptOutPolicy.Of(new(), respectHeaders: false));
        Assert.Equal(OptOutPolicy.Of(new() { RobotsTxt = false }), OptOutPolicy.Of(new() { RobotsTxt = false }, robots: true));
    }

    [Fact]
    public void Of_OutputOfAnEarlierVersion_IsContinuedAsThatVersionWould()
    {
        OptOutPolicy policy = OptOutPolicy.Of(new(), stored: Before);

        Assert.True(policy.IsEarlier);
        Assert.Equal("x_robots_tag tdm_reservation page_robots page_x_robots_tag", Names(policy));
        Assert.Empty(Fingerprint(policy).DifferencesFrom(Before));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Of_OutputOfAnEarlierVersionWithOlderKeys_IsContinued(bool headers, bool robots)
    {
        var stored = new Dictionary<string, string>
        {
            ["Kind"] = "dataset",
            ["Download:RespectHeaders"] = headers.ToString(CultureInfo.InvariantCulture),
            ["Download:Robots"] = robots.ToString(CultureInfo.InvariantCulture),
        };

        Assert.Empty(Fingerprint(OptOutPolicy.Of(new(), headers, robots, stored)).DifferencesFrom(stored));
    }

    [Fact]
    public void Of_OutputOfAnEarlierVersionAndASwitch_IsRefusedByName()
    {
        OptOutPolicy policy = OptOutPolicy.Of(new() { Embedded = true, Page = true }, stored: Before);

        Assert.Equal(
            ["OptOut:Embedded: the output has False, this run True", "OptOut:Page: the output has Words, this run All"],
            Fingerprint(policy).DifferencesFrom(Before));
    }

    [Fact]
    public void Of_OutputOfThisVersion_NeedsTheSamePolicy()
    {
        IReadOnlyDictionary<string, string> strict = RunFingerprint.Parse(Fingerprint(OptOutPolicy.Of(new() { Preset = OptOutPreset.Strict })).ToJson());

        Assert.Empty(Fingerprint(OptOutPolicy.Of(new() { Preset = OptOutPreset.Strict }, stored: strict)).DifferencesFrom(strict));
        Assert.Equal(
            [
                "Download:Robots: the output has True, this run False", "OptOut:ContentSignal: the output has True, this run False",
                "OptOut:ContentUsage: the output has Origin, this run Answer", "OptOut:TdmRep: the output has Origin, this run none",
            ],
            Fingerprint(OptOutPolicy.Of(new(), stored: strict)).DifferencesFrom(strict));
    }

    private static string Names(OptOutPolicy policy) => string.Join(' ', policy.Obeyed.All.Select(signal => signal.Name()));

    private static RunFingerprint Fingerprint(OptOutPolicy policy) =>
        RunFingerprints.OfDataset(new(), new CandidateOptions(), new DownloadOptions(), new(), new(), new(), policy, new(false), new Dictionary<string, string>());
}

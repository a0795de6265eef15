using LaionStream.Host.Configuration;
using Microsoft.Extensions.Configuration;

namespace LaionStream.Host.Tests.Configuration;

public sealed class OwnSettingsTests
{
    [Fact]
    public void Of_TheFileItself_None() =>
        Assert.Empty(OwnSettings.Of(new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build()));

    [Fact]
    public void Of_ChangedKeys_AreReportedWithoutSecrets()
    {
        IReadOnlyDictionary<string, string> settings = OwnSettings.Of(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Laion:Input:Paths:0"] = "https://me:secret@a.example/x.wat?sig=secret",
            ["Laion:Download:Timeout"] = "00:00:20", // the default
            ["Laion:Download:PerHost:Concurrency"] = "3",
            ["Laion:Download:Resolve:*"] = "127.0.0.1:80",
            ["Laion:Filtering:Limits:violence:Max"] = "0.5",
        }).Build());

        Assert.Equal(
            [
                ("Laion:Download:PerHost:Concurrency", "3"), ("Laion:Download:Resolve", "*=127.0.0.1:80"),
                ("Laion:Filtering:Limits", "violence=Min=none Max=0.5"), ("Laion:Input:Paths", "https://a.example/x.wat"),
            ],
            settings.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Command_LeavesOutWhatOpensAnAddress() => Assert.Equal(
        "run --Laion:Input:Paths:0=https://a.example/x.wat \"a b\"",
        OwnSettings.Command(["run", "--Laion:Input:Paths:0=https://me:secret@a.example/x.wat?sig=secret", "a b"]));
}

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>The systemd unit in <c>ops</c>, as systemd's own tool reads it.</summary>
public sealed class UnitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-unit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task Unit_SystemdAnalyze_VerifiesItAndFindsItWellConfined()
    {
        Tool.Need("systemd-analyze", "systemd");
        string unit = Path.Combine(_folder.FullName, "laion-stream@x.service");
        string text = await File.ReadAllTextAsync(Tool.Ops("systemd", "laion-stream@.service"));
        await File.WriteAllTextAsync(unit, text.Replace("ExecStart=/opt/laion-stream/laion-stream", "ExecStart=/bin/true", StringComparison.Ordinal));

        (int code, string verified) = await Tool.RunAsync("systemd-analyze", "", "verify", unit);
        Assert.True(code == 0 && !verified.Contains("laion-stream@x.service:", StringComparison.Ordinal), verified);

        (code, string security) = await Tool.RunAsync("systemd-analyze", "", "security", "--offline=true", "--threshold=20", unit);
        Assert.True(code == 0, security); // the threshold is the exposure × 10: 2.0, "OK"
    }
}

using System.Net;
using System.Net.Sockets;
using LaionStream.Host.Configuration;
using LaionStream.Host.Telemetry;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Telemetry;

public sealed class ListenTests
{
    [Theory]
    [InlineData("9464", "127.0.0.1:9464")]
    [InlineData("0", "127.0.0.1:0")]
    [InlineData("localhost:9464", "127.0.0.1:9464")]
    [InlineData("127.0.0.1:9464", "127.0.0.1:9464")]
    [InlineData("0.0.0.0:9464", "0.0.0.0:9464")]
    [InlineData("[::1]:9464", "[::1]:9464")]
    [InlineData("*:65535", "[::]:65535")]
    public void Listen_PortOrAddress_IsUnderstoodAndAPortAloneIsForThisMachine(string listen, string expected)
    {
        Assert.True(MetricsOptionsRules.TryEndPoint(listen, out IPEndPoint endPoint));
        Assert.Equal(expected, endPoint.ToString());
        Assert.Empty(MetricsOptionsRules.Errors(new MetricsOptions { Listen = listen }));
    }

    [Theory]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("http://localhost:9464")]
    [InlineData("example.com:9464")]
    [InlineData("127.0.0.1")]
    [InlineData("::1:9464")]
    [InlineData("127.0.0.1:9464/metrics")]
    [InlineData("on")]
    public void Listen_AnythingElse_IsAnErrorThatNamesTheKey(string listen) =>
        Assert.StartsWith("Laion:Metrics:Listen: '" + listen, Assert.Single(MetricsOptionsRules.Errors(new MetricsOptions { Listen = listen })),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("localhost")]
    [InlineData("ftp://collector/")]
    public void Otlp_NoAddressOfACollector_IsAnErrorThatNamesTheKey(string otlp) =>
        Assert.StartsWith("Laion:Metrics:Otlp: '"
            + otlp, Assert.Single(MetricsOptionsRules.Errors(new MetricsOptions { Otlp = otlp })), StringComparison.Ordinal);

    [Fact]
    public void Defaults_NothingIsAskedFor() => Assert.False(MetricsExport.IsAsked(new MetricsOptions()));

    [Fact]
    public async Task Run_PortThatIsTaken_IsRefusedBeforeAnythingIsCreated()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("laion-port-");
        string output = Path.Combine(folder.FullName, "out");
        using HostProcess run = HostProcess.Start("demo", "--output", output, $"--Laion:Metrics:Listen={((IPEndPoint)taken.LocalEndpoint).Port}");

        (int code, _, string error) = await run.EndAsync();

        Assert.Equal(2, code);
        Assert.Contains($"Laion:Metrics:Listen: {taken.LocalEndpoint} is in use by another process", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(output, "logs")));
        folder.Delete(recursive: true);
    }
}

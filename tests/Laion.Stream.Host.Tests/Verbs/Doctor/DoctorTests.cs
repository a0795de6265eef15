using System.Text.RegularExpressions;
using LaionStream.Engine.Download.Settings;
using LaionStream.Host.Tests.Process;
using LaionStream.Host.Verbs.Doctor;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;

namespace LaionStream.Host.Tests.Verbs.Doctor;

public sealed partial class DoctorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-doctor");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Doctor_PrintsALinePerCheck_AndFailsWhenOneFails()
    {
        using HostProcess process =
            HostProcess.Start("doctor", "--output", Path.Combine(_folder.FullName, "out"), "--Laion:Inference:Provider=tensorrt",
            "--Laion:Imaging:MinSide=wide");
        (int code, string output, string error) = await process.EndAsync();

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Form(), line));
        Assert.Contains(lines, line => line.StartsWith("fail  settings     Laion:Imaging:MinSide: ", StringComparison.Ordinal));
        Assert.All(
            ["driver", "cuda", "cudnn", "tensorrt", "provider", "models", "open files", "resolver", "clock", "disk space", "file system"],
            subject => Assert.Contains(lines, line => line[6..].StartsWith(subject, StringComparison.Ordinal)));
        Assert.True(code == 1, error);
        Assert.Empty(_folder.EnumerateFileSystemInfos()); // the trial of the file system leaves nothing behind
    }

    [Theory]
    [InlineData(null, FindingLevel.Ok)]
    [InlineData(1_000_000, FindingLevel.Ok)]
    [InlineData(1500, FindingLevel.Warn)]
    [InlineData(100, FindingLevel.Fail)]
    public void Handles_OfALimit(int? limit, object expected) => Assert.Equal(expected, MachineCheckup.Handles(limit, new DownloadOptions(), inputs: 2).Level);

    [Fact]
    public void Clock_BeforeTheBuild_Fails() =>
        Assert.Equal(FindingLevel.Fail,
            MachineCheckup.Clock(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Level);

    [Theory]
    [InlineData(0L, FindingLevel.Fail)]
    [InlineData(5L << 30, FindingLevel.Warn)]
    [InlineData(500L << 30, FindingLevel.Ok)]
    public void Space_OfADisk(long bytes, object expected) => Assert.Equal(expected, DiskCheckup.Space("/", bytes).Level);

    [Fact]
    public void Disk_OfAnOrdinaryFolder_KeepsLocks() => Assert.Equal(FindingLevel.Ok, DiskCheckup.Look(_folder.FullName).Last().Level);

    [Theory]
    [InlineData("s3://bucket/out")]
    [InlineData("/proc/1/out")]
    public void Disk_WhereNothingCanBeWritten_Fails(string output) => Assert.Contains(DiskCheckup.Look(output), finding => finding.Level == FindingLevel.Fail);

    [Theory]
    [InlineData(InferenceProvider.Cuda, InferenceProvider.Cuda, false, false, FindingLevel.Fail)]
    [InlineData(InferenceProvider.TensorRt, InferenceProvider.Cuda, true, true, FindingLevel.Ok)]
    [InlineData(InferenceProvider.Cuda, InferenceProvider.TensorRt, true, true, FindingLevel.Fail)]
    [InlineData(InferenceProvider.Cuda, InferenceProvider.Auto, true, true, FindingLevel.Warn)]
    [InlineData(InferenceProvider.Cuda, InferenceProvider.Auto, true, false, FindingLevel.Ok)]
    [InlineData(InferenceProvider.Cuda, InferenceProvider.Cpu, true, true, FindingLevel.Ok)]
    public void Gpu_MissingPart_Table(object needs, object asked, bool isGpuBuild, bool hasCard, object expected) =>
        Assert.Equal(expected, GpuCheckup.Level((InferenceProvider)needs, (InferenceProvider)asked, isGpuBuild, hasCard));

    [Fact]
    public async Task Network_NoResolver_Fails()
    {
        var options = new DnsOptions { Servers = ["127.0.0.1:9"], QueryTimeout = TimeSpan.FromSeconds(1) };

        Assert.Equal(FindingLevel.Fail, Assert.Single(await NetworkCheckup.LookAsync(options, "a.example", default)).Level);
    }

    [Fact]
    public void Models_NoneNamed_TestsTheProviderWithTheBundledOnes()
    {
        Finding[] findings = [.. ModelCheckup.Look(new ModelOptions(), new InferenceOptions { Provider = InferenceProvider.Cpu }, isNeeded: true, default)];

        Assert.Equal([("models", FindingLevel.Warn), ("provider", FindingLevel.Ok)], findings.Select(finding => (finding.Subject, finding.Level)));
    }

    [Fact]
    public void Models_MissingFolder_Fails() =>
        Assert.Equal(FindingLevel.Fail,
            Assert.Single(ModelCheckup.Look(new ModelOptions { Path = "/nowhere" }, new InferenceOptions { Provider = InferenceProvider.Cpu }, isNeeded: true,
            default)).Level);

    [GeneratedRegex("^(ok  |warn|fail)  [a-z0-9 ]{12} \\S")]
    private static partial Regex Form();
}

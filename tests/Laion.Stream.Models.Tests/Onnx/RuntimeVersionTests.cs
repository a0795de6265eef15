using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Xml.Linq;

namespace LaionStream.Models.Tests.Onnx;

/// <summary>The CPU and the GPU build use the same version of ONNX Runtime, in the requested packages and in the lock files.</summary>
public sealed class RuntimeVersionTests
{
    private const string Prefix = "Microsoft.ML.OnnxRuntime";

    [Fact]
    public void Packages_OfBothBuilds_TakeTheirVersionFromOneProperty()
    {
        XDocument packages = XDocument.Load(Path.Combine(SourceRoot(), "Directory.Packages.props"));

        XElement[] runtimes =
            [.. packages.Descendants("PackageVersion").Where(p => p.Attribute("Include")!.Value.StartsWith(Prefix, StringComparison.Ordinal))];

        Assert.True(runtimes.Length >= 2);
        Assert.All(runtimes, p => Assert.Equal("$(OnnxRuntimeVersion)", p.Attribute("Version")!.Value));
    }

    [Fact]
    public void LockFiles_OfBothBuilds_HoldThatVersion()
    {
        string version = XDocument.Load(Path.Combine(SourceRoot(), "Directory.Packages.props")).Descendants("OnnxRuntimeVersion").Single().Value;
        string[] projects = [.. Directory.GetFiles(SourceRoot(), "packages.lock.json", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(f => Path.GetDirectoryName(f)!)];

        Assert.NotEmpty(projects);
        foreach (string project in projects)
        {
            foreach (string file in (string[])["packages.lock.json", "packages.gpu.lock.json"])
            {
                Assert.All(Runtimes(Path.Combine(project, file)), resolved => Assert.Equal(version, resolved));
            }
        }

        string engine = Path.Combine(SourceRoot(), "src", "Laion.Stream.Engine");
        Assert.NotEmpty(Runtimes(Path.Combine(engine, "packages.lock.json")));
        Assert.NotEmpty(Runtimes(Path.Combine(engine, "packages.gpu.lock.json")));
    }

    private static string[] Runtimes(string lockFile)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(lockFile));
        return [.. json.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Name.StartsWith(Prefix, StringComparison.Ordinal) && package.Value.TryGetProperty("resolved", out _))
            .Select(package => package.Value.GetProperty("resolved").GetString()!)];
    }

    private static string SourceRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}

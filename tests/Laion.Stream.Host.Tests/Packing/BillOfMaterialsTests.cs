using System.Text;
using System.Text.Json;
using LaionStream.Packing;

namespace LaionStream.Host.Tests.Packing;

/// <summary>The bill of materials of a release.</summary>
public sealed class BillOfMaterialsTests : IDisposable
{
    private const string Deps = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
          "targets": { ".NETCoreApp,Version=v10.0": {
            "Own/0.1.0": { "dependencies": { "A.Lib": "1.2.0" } },
            "A.Lib/1.2.0": { "dependencies": { "B.Native": "3.0.0", "Own": "0.1.0" } },
            "B.Native/3.0.0": {} } },
          "libraries": {
            "Own/0.1.0": { "type": "project", "serviceable": false, "sha512": "" },
            "B.Native/3.0.0": { "type": "package", "serviceable": true, "sha512": "sha512-AQID" },
            "A.Lib/1.2.0": { "type": "package", "serviceable": true, "sha512": "sha512-BAUG" } }
        }
        """;

    private readonly DirectoryInfo _packages = Directory.CreateTempSubdirectory("laion-packages-");

    [Fact]
    public void Of_Packages_NamesEachWithDigestLicenceAndNeeds()
    {
        Nuspec("a.lib", "1.2.0", "<license type=\"expression\">MIT</license>");
        Nuspec("b.native", "3.0.0", "<licenseUrl>https://licence.example/</licenseUrl>");

        JsonElement bill = Make().RootElement;

        Assert.Equal(("CycloneDX", "1.6", 1), (bill.GetProperty("bomFormat").GetString(), bill.GetProperty("specVersion").GetString(), bill.GetProperty("version").GetInt32()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", bill.GetProperty("serialNumber").GetString());
        JsonElement[] parts = [.. bill.GetProperty("components").EnumerateArray()];
        Assert.Equal(["pkg:nuget/A.Lib@1.2.0", "pkg:nuget/B.Native@3.0.0"], parts.Select(part => part.GetProperty("purl").GetString()));
        Assert.Equal("040506", parts[0].GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal("MIT", parts[0].GetProperty("licenses")[0].GetProperty("expression").GetString());
        Assert.Equal("https://licence.example/", parts[1].GetProperty("licenses")[0].GetProperty("license").GetProperty("url").GetString());
        JsonElement[] needs = [.. bill.GetProperty("dependencies").EnumerateArray()];
        Assert.Equal(["pkg:nuget/A.Lib@1.2.0", "pkg:nuget/B.Native@3.0.0"], Needs(needs[0]));
        Assert.Equal(["pkg:nuget/B.Native@3.0.0"], Needs(needs[1])); // our own projects are the program itself
        Assert.Empty(Needs(needs[2]));
        Assert.Equal("2026-11-29T04:00:00Z", bill.GetProperty("metadata").GetProperty("timestamp").GetString());
    }

    [Fact]
    public void Of_SameInputs_GiveTheSameBytes() => Assert.Equal(Bytes(), Bytes());

    [Fact]
    public void Of_PackageThatIsNotRestored_HasNoLicence() =>
        Assert.False(Make().RootElement.GetProperty("components")[0].TryGetProperty("licenses", out _));

    [Fact]
    public void Of_NoList_IsRefused() =>
        Assert.ThrowsAny<Exception>(() => BillOfMaterials.Of("{}"u8.ToArray(), _packages.FullName, "1", "c", "t"));

    public void Dispose() => _packages.Delete(recursive: true);

    private static IEnumerable<string?> Needs(JsonElement entry) => entry.GetProperty("dependsOn").EnumerateArray().Select(one => one.GetString());

    private byte[] Bytes() => BillOfMaterials.Of(Encoding.UTF8.GetBytes(Deps), _packages.FullName, "0.1.0", "abc", "2026-11-29T04:00:00Z");

    private JsonDocument Make() => JsonDocument.Parse(Bytes());

    private void Nuspec(string name, string version, string licence)
    {
        DirectoryInfo folder = _packages.CreateSubdirectory(Path.Combine(name, version));
        File.WriteAllText(Path.Combine(folder.FullName, $"{name}.nuspec"), $"<package xmlns=\"urn:n\"><metadata><id>{name}</id>{licence}</metadata></package>");
    }
}

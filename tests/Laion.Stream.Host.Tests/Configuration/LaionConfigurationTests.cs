using LaionStream.Engine.Download.Settings;
using LaionStream.Host.Configuration;
using Microsoft.Extensions.Configuration;

namespace LaionStream.Host.Tests.Configuration;

public sealed class LaionConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-config");

    private string Settings => Path.Combine(_folder.FullName, "appsettings.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{\n  \"Laion\": {\n    oops\n  }\n}", "line 3, column 5")]
    [InlineData("[1]", "Top-level JSON element must be an object")]
    [InlineData("{ \"Laion\": { \"A\": 1, \"a\": 2 } }", "'Laion:a'")]
    public void Read_FileThatIsNotASettingsFile_NamesThePosition(string text, string expected)
    {
        File.WriteAllText(Settings, text);

        string error = Assert.Single(Assert.Throws<UsageException>(() => Read()).Errors);

        Assert.StartsWith("appsettings.json:", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FolderInPlaceOfTheFile_SaysSo() => Assert.Equal(
        [$"--config: '{_folder.FullName}' is a folder; a file is wanted."],
        Assert.Throws<UsageException>(() => LaionConfiguration.Find(_folder.FullName, new Dictionary<string, string?>())).Errors);

    [Fact]
    public void Read_BothFilesBroken_BothAreReported()
    {
        File.WriteAllText(Settings, "{");
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.Production.json"), "}");

        Assert.Equal(["appsettings.json", "appsettings.Production.json"], Assert.Throws<UsageException>(() => Read())
            .Errors.Select(error => error.Split(':')[0]));
    }

    [Theory]
    [InlineData("Laion:Download:AllowPrivate:0", "9.0.0.0/8", "9.0.0.0/8")]
    [InlineData("laion:download:allowprivate", "", null)]
    [InlineData("Laion:Download:MinBytes", "1", "1.0.0.0/8 2.0.0.0/8")]
    public void Read_ListNamedByALaterSource_IsThatList(string key, string value, string? expected)
    {
        File.WriteAllText(Settings, """{ "Laion": { "Download": { "AllowPrivate": [ "1.0.0.0/8", "2.0.0.0/8" ] } } }""");

        string[] networks = (Read((key, value)).GetSection("Laion:Download").Get<DownloadOptions>() ?? new DownloadOptions()).AllowPrivate;

        Assert.Equal(expected ?? "", string.Join(' ', networks));
    }

    [Fact]
    public void KeysOutside_AreSaidWithTheSectionThatWasMeant()
    {
        File.WriteAllText(Settings, """{ "$schema": "x", "Laion": {}, "Downlod": { "Timeout": 1 }, "Lain": {}, "Serilog": {} }""");

        Assert.Equal(
            [
                "Downlod: stands outside Laion in appsettings.json and sets nothing; did you mean Laion:Download?",
                "Lain: stands outside Laion in appsettings.json and sets nothing; did you mean Laion?",
                "Serilog: stands outside Laion in appsettings.json and sets nothing.",
            ],
            new LaionConfiguration(Settings, new Dictionary<string, string?>()).KeysOutside().Order(StringComparer.Ordinal));
    }

    private IConfigurationRoot Read(params (string Key, string Value)[] commandLine) =>
        new LaionConfiguration(Settings, commandLine.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Read();
}

using System.Text.Json;
using System.Text.RegularExpressions;
using LaionStream.Engine;
using LaionStream.Explorer.Settings;
using LaionStream.Host.Configuration;
using LaionStream.Search.Index;
using Microsoft.Extensions.Configuration;

namespace LaionStream.Host.Tests.Configuration;

public sealed class SettingsTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void File_EverySettingOnceAtItsDefault()
    {
        using JsonDocument file = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory,
                "appsettings.json")), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        JsonElement laion = file.RootElement.GetProperty("Laion");
        Dictionary<string, Type> sections = new(EngineSections.Types) { ["Log"] = typeof(LogOptions), ["Metrics"] = typeof(MetricsOptions), ["Explorer"] = typeof(ExplorerOptions), ["Index"] = typeof(IndexOptions) };

        Assert.Equal(sections.Keys.Order(StringComparer.Ordinal), laion.EnumerateObject().Select(section => section.Name).Order(StringComparer.Ordinal));
        foreach ((string name, Type type) in sections) { AssertSame($"Laion:{name}", Activator.CreateInstance(type)!, laion.GetProperty(name)); }
    }

    [Fact]
    public void Errors_OfTheFileItself_None()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();

        Assert.Empty(SettingsRules.Errors(configuration));
    }

    [Theory]
    [InlineData("Laion:Download:Timeout", "soon", "Laion:Download:Timeout: 'soon' is not a time (hh:mm:ss).")]
    [InlineData("Laion:Input:Parallel:x", "1", "Laion:Input:Parallel: a whole number is wanted, and no list or group.")]
    [InlineData("Laion:Download:TimeOuts", "1", "Laion:Download:TimeOuts: there is no such key; did you mean Timeout?")]
    [InlineData("Laion:Downlod:Timeout", "1", "Laion:Downlod: there is no such section; did you mean Download?")]
    [InlineData("Laion:Zebra:Timeout", "1", "Laion:Zebra: there is no such section.")]
    [InlineData("Laion:Download:Time", "1", "Laion:Download:Time: there is no such key.")]
    [InlineData("Laion:Download:MinSide", "1", "Laion:Download:MinSide: there is no such key; did you mean Laion:Imaging:MinSide?")]
    [InlineData("Laion:Download:Timeout", "20", "Laion:Download:Timeout: '20' has no unit; a time is written hh:mm:ss")]
    [InlineData("Laion:Download:Timeout", "2.00:00:00", "Laion:Download:Timeout: 2.00:00:00 is outside 00:00:00.01 to 1.00:00:00.")]
    [InlineData("Laion:Imaging:MaxPixels", "-1", "Laion:Imaging:MaxPixels: -1 is outside 1 to 1000000000.")]
    [InlineData("Laion:Writing:Path", "", "Laion:Writing:Path: a value is wanted.")]
    [InlineData("Laion:Input:BaseUrl", "crawls", "Laion:Input:BaseUrl: 'crawls' is no http or https address.")]
    [InlineData("Laion:Download:CaFile", "no-such.pem", "Laion:Download:CaFile: 'no-such.pem' is not there.")]
    [InlineData("Laion:Download:BlockLists:Urls:0", "no-such.txt", "Laion:Download:BlockLists:Urls: 'no-such.txt' is not there.")]
    [InlineData("Laion:Candidates:BlockedDomainsFile", "no-such.txt", "Laion:Candidates:BlockedDomainsFile: 'no-such.txt' is not there.")]
    [InlineData("Laion:Candidates:BlockedExtensions:0", "svg", "Laion:Candidates:BlockedExtensions: 'svg' does not begin with a dot.")]
    [InlineData("Laion:Inference:Provider", "gpu", "Laion:Inference:Provider: 'gpu' is not one of auto, cpu, cuda, tensorrt")]
    [InlineData("Laion:Filtering:MinSimilarity:En", "28", "Laion:Filtering:MinSimilarity:En:")]
    [InlineData("Laion:Input:Share", "0/4", "Laion:Input:Share:")]
    [InlineData("Laion:Download:AllowPrivate:0", "home", "Laion:Download:AllowPrivate: 'home' is not a network")]
    [InlineData("Laion:Pipeline:Language:Capacity", "3", "Laion:Pipeline:Language:")]
    [InlineData("Laion:Download:Concurrency", "many", "Laion:Download:Concurrency: 'many'")]
    [InlineData("Laion:Inference:BatchSize", "0", "Laion:Inference:BatchSize: '0' is not auto or a number from 1 to 4096")]
    [InlineData("Laion:Inference:BatchSize", "4097", "Laion:Inference:BatchSize:")]
    [InlineData("Laion:Inference:BatchSize", "autos", "Laion:Inference:BatchSize:")]
    [InlineData("Laion:Inference:SessionsPerDevice", "17", "Laion:Inference:SessionsPerDevice: '17' is not auto or a number from 1 to 16")]
    [InlineData("Laion:Inference:SessionsPerDevice", "-1", "Laion:Inference:SessionsPerDevice:")]
    [InlineData("Laion:Inference:DeviceMemory", "-1", "Laion:Inference:DeviceMemory:")]
    [InlineData("Laion:Inference:Precision", "int8", "Laion:Inference:Precision: 'int8' is not auto, as-is or fp16")]
    [InlineData("Laion:Inference:Pixels", "planes", "Laion:Inference:Pixels: 'planes' is not one of auto, bytes, floats")]
    public void Errors_OneWrongValue_NamesItsKey(string key, string value, string expected)
    {
        var values = new Dictionary<string, string?> { [key] = value };
        if (key.EndsWith("Capacity", StringComparison.Ordinal)) { values["Laion:Pipeline:Language:Parallelism"] = "2"; }

        Assert.Contains(SettingsRules.Errors(new ConfigurationBuilder().AddInMemoryCollection(values).Build()),
            error => error.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_ManyWrongValues_AllAtOnce()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Laion:Download:Timeout"] = "soon",
            ["Laion:Imaging:MinSide"] = "wide",
            ["Laion:Nothing:Here"] = "1",
            ["Laion:Imaging:MaxPixels"] = "-1", // a range, beside wrong forms in the same section
            ["Laion:Download:CaFile"] = "no-such.pem", // a file
            ["Laion:Pipeline:Language:Parallelism"] = "1000", // a rule between two keys
        }).Build();

        IReadOnlyList<string> errors = SettingsRules.Errors(configuration);

        Assert.Equal(6, errors.Count);
        Assert.All(errors, error => Assert.Single(Regex.Matches(error, Regex.Escape(error[..error.IndexOf(": ", StringComparison.Ordinal)]))));
    }

    // An empty list is an empty list, and not the default one.
    [Theory]
    [InlineData("Laion:Inference:Devices", "Laion:Inference:Devices: ")]
    [InlineData("Laion:Download:AllowedPorts", "Laion:Download:AllowedPorts: ")]
    public void Errors_EmptyListWhereOneItemIsNeeded_NamesItsKey(string key, string expected) =>
        Assert.StartsWith(expected,
            Assert.Single(SettingsRules.Errors(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = "" })
            .Build())), StringComparison.Ordinal);

    [Theory]
    [InlineData("Laion:Download:PerHost:Concurrency", true)]
    [InlineData("Laion:Pipeline:Decode:Parallelism", true)]
    [InlineData("Laion:Inference:Linger", true)]
    [InlineData("Laion:Inference:BatchSize", true)]
    [InlineData("Laion:Inference:Threads", false)]
    [InlineData("Laion:Log:Level", true)]
    [InlineData("Laion:Filtering:MinSimilarity:En", false)]
    [InlineData("Laion:Candidates:Rules", false)]
    [InlineData("Laion:Imaging:MinSide", false)]
    [InlineData("Laion:Download:MinBytes", false)]
    [InlineData("Laion:Download:RespectHeaders", false)]
    public void IsLive_WhatShapesTheRowsNeverIs(string key, bool live) => Assert.Equal(live, LiveSettings.IsLive(key));

    [Theory]
    [InlineData(new[] { "run", "--Laion:A:B=c", "--input", "x" }, new[] { "run", "--input", "x" }, "c")]
    [InlineData(new[] { "run", "--laion:A:B", "c" }, new[] { "run" }, "c")]
    [InlineData(new[] { "--Laion:A:B=x=y", "run" }, new[] { "run" }, "x=y")]
    public void TakeSettings_KeysInEveryForm(string[] args, string[] rest, string value)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

        Assert.Equal(rest, CommandLine.TakeSettings(args, settings));
        Assert.Equal(value, settings["Laion:A:B"]);
    }

    private static void AssertSame(string path, object options, JsonElement json)
    {
        string[] members = [.. options.GetType().GetProperties().Where(property => property.SetMethod?.IsPublic == true).Select(property => property.Name)];
        Assert.Equal(members.Order(StringComparer.Ordinal), json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        foreach (string member in members)
        {
            object? value = KnownKeys.DefaultOf(options.GetType().GetProperty(member)!, options);
            JsonElement written = json.GetProperty(member);
            if (written.ValueKind == JsonValueKind.Object && value is not System.Collections.IDictionary)
            {
                AssertSame($"{path}:{member}", value!, written);
                continue;
            }

            string expected = value switch
            {
                null => "null",
                Enum name => $"\"{name.ToString().ToLowerInvariant()}\"",
                TimeSpan time => $"\"{time:c}\"",
                _ => JsonSerializer.Serialize(value, Relaxed),
            };
            Assert.True(expected == written.GetRawText().Replace(" ", "", StringComparison.Ordinal)
                || expected == written.GetRawText(), $"{path}:{member} is {written.GetRawText()} in the file and {expected} in code");
        }
    }
}

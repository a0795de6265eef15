using System.Text.Json;
using LaionStream.Demo;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Process;

/// <summary>
/// A setting of each type that the options have, given to the program and read from what it reports of itself: a program of native code lacks what reflection alone would
/// find, and the binder then leaves a default in place without a word.
/// </summary>
public sealed class SettingTypesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Extract_SettingOfEachType_IsInItsSummary()
    {
        string wat = _folder.At("a.warc.wat.gz");
        using (FileStream file = File.Create(wat))
        {
            WatWriter.Write(file, [new WatPage(new Uri("http://page.example/"), [new WatLink("IMG@/src", "http://pictures.example/a.jpg", "a red circle")])]);
        }

        Dictionary<string, string> given = new()
        {
            ["Laion:Download:MaxBytes"] = "123456789", // long
            ["Laion:Pipeline:Decode:Capacity"] = "77", // int, in a group of a group
            ["Laion:Download:Resolve"] = "*.a.example=127.0.0.1:1", // dictionary of texts
            ["Laion:Download:Timeout"] = "00:00:07", // TimeSpan
            ["Laion:Filtering:Limits"] = "aesthetic=Min=4.5 Max=none", // dictionary of groups
            ["Laion:Filtering:MaxUnsafe"] = "0.25", // double?
            ["Laion:Imaging:Jpeg"] = "Vips", // enumeration
            ["Laion:Imaging:MaxAspectRatio"] = "7.5", // double
            ["Laion:Inference:Devices"] = "1 2", // int[]?
            ["Laion:Input:Paths"] = wat, // string[]
            ["Laion:Log:Level"] = "Warning", // enumeration of a package
            ["Laion:OptOut:Page"] = "False", // bool?
            ["Laion:Writing:Path"] = _folder.At("out"), // string
        };

        using HostProcess process = HostProcess.Start(
            "extract",
            "--Laion:Download:MaxBytes=123456789",
            "--Laion:Pipeline:Decode:Capacity=77",
            "--Laion:Download:Resolve:*.a.example=127.0.0.1:1",
            "--Laion:Download:Timeout=00:00:07",
            "--Laion:Filtering:Limits:aesthetic:Min=4.5",
            "--Laion:Filtering:MaxUnsafe=0.25",
            "--Laion:Imaging:Jpeg=vips",
            "--Laion:Imaging:MaxAspectRatio=7.5",
            "--Laion:Inference:Devices:0=1",
            "--Laion:Inference:Devices:1=2",
            $"--Laion:Input:Paths:0={wat}",
            "--Laion:Log:Level=warning",
            "--Laion:OptOut:Page=false",
            $"--Laion:Writing:Path={_folder.At("out")}");
        (int code, _, string error) = await process.EndAsync();

        Assert.True(code == 0, error);
        using var summary = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.At("out/summary.json")));
        JsonElement settings = summary.RootElement.GetProperty("run").GetProperty("settings");
        Assert.Equal(given, settings.EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!));
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Process;

/// <summary><c>serve</c> and <c>demo --serve</c> as people start them.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Demo_WithServe_OpensItsResultUntilItIsStopped()
    {
        using HostProcess process = HostProcess.Start("demo", "--serve", "--output", _folder.At("demo"), "--Laion:Explorer:Listen=127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await AddressAsync(process), Timeout = TimeSpan.FromSeconds(60) };

        using HttpResponseMessage found = await client.PostAsJsonAsync("/api/v1/search", new { query = new[] { new { text = "a red circle" } }, limit = 5 });
        JsonElement rows = (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rows");
        using HttpResponseMessage thumbnail = await client.GetAsync(rows[0].GetProperty("thumbnail").GetString());
        JsonElement dataset = await client.GetFromJsonAsync<JsonElement>("/api/v1/dataset");
        JsonElement info = await client.GetFromJsonAsync<JsonElement>("/api/v1/info");
        JsonElement map = await client.GetFromJsonAsync<JsonElement>("/api/v1/map?safe=show");
        JsonElement description = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        await process.SignalAsync("INT");
        (int code, string output, string error) = await process.EndAsync();

        Assert.Equal(5, rows.GetArrayLength());
        Assert.Equal("image/jpeg", thumbnail.Content.Headers.ContentType!.MediaType);
        Assert.Contains(dataset.GetProperty("dropped").EnumerateArray(), reason => reason.GetProperty("samples").GetArrayLength() > 0);
        Assert.True(info.GetProperty("hasThumbnails").GetBoolean());
        Assert.False(info.GetProperty("canFetch").GetBoolean()); // the demo may reach this machine; a stranger's search must not
        Assert.Equal(info.GetProperty("rows").GetInt32(), map.GetProperty("ids").GetArrayLength());
        Assert.True(description.GetProperty("components").GetProperty("schemas").GetProperty("MapAnswer").GetProperty("properties").TryGetProperty("ids", out _));
        Assert.True(code == 0, error);
        Assert.Contains("http://127.0.0.1:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WhatIsNoOutput_SaysSo()
    {
        Directory.CreateDirectory(_folder.At("begun", "state"));
        await File.WriteAllTextAsync(_folder.At("begun", "state", "manifest.jsonl"), "");
        using HostProcess nothing = HostProcess.Start("serve", _folder.At("nothing"));
        using HostProcess empty = HostProcess.Start("serve", _folder.Root, "--listen", "0");
        using HostProcess address = HostProcess.Start("serve", _folder.At("begun"), "--listen", "somewhere");
        (int code, _, string error) = await nothing.EndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        (int emptyCode, _, string emptyError) = await empty.EndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        (int addressCode, _, string addressError) = await address.EndAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(code == 2 && error.Contains("is not there", StringComparison.Ordinal), error);
        Assert.True(emptyCode == 2 && emptyError.Contains("not the output of a run", StringComparison.Ordinal), emptyError);
        Assert.True(addressCode == 2 && addressError.Contains("Laion:Explorer:Listen", StringComparison.Ordinal), addressError);
    }

    // The log says the port that was free.
    private async Task<Uri> AddressAsync(HostProcess process)
    {
        for (int i = 0; i < 600 && !process.HasExited; i++)
        {
            string logs = _folder.At("demo", "logs");
            foreach (string line in Directory.Exists(logs) ? Directory.EnumerateFiles(logs).SelectMany(Lines) : [])
            {
                if (line.Contains("The explorer listens on", StringComparison.Ordinal)) { return new Uri(JsonDocument.Parse(line).RootElement.GetProperty("Address").GetString()!); }
            }

            await Task.Delay(200);
        }

        throw new InvalidOperationException((await process.EndAsync().WaitAsync(TimeSpan.FromSeconds(30))).ToString());
    }

    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n');
    }
}

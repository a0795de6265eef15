using System.Diagnostics;
using System.Net;
using System.Text.Json;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Clip;

/// <summary>The contract of clip-retrieval's back end.</summary>
public sealed class ClipApiTests
{
    private const string All = """
        "text":null,"image":null,"image_url":null,"embedding_input":[1,0,0,0],"deduplicate":false,"use_safety_model":false,"use_violence_detector":false,
        "indice_name":"image","use_mclip":false,"aesthetic_score":9,"aesthetic_weight":0.5,"modality":"image","num_images":2,"num_result_ids":4
        """;

    [Fact]
    public async Task Knn_OnlyTheFirstNumImages_CarryColumns()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement rows) = await served.AskAsync(HttpMethod.Post, "/knn-service", $"{{{All}}}", type: null);

        Assert.Equal(200, status);
        Assert.Equal([0, 1, 2, 3], rows.EnumerateArray().Select(row => row.GetProperty("id").GetInt64()).Order());
        Assert.Equal(["url", "image_path", "caption", "NSFW", "id", "similarity"], Names(rows[1]));
        Assert.Equal(["id", "similarity"], Names(rows[2]));
        Assert.Equal(1, rows[0].GetProperty("similarity").GetDouble(), 3);
    }

    /// <summary>What the page sends: texts for numbers, an empty text beside the picture, no JSON type, a doubled slash.</summary>
    [Theory]
    [InlineData("""{"text":"40","image":null,"aesthetic_score":"9","aesthetic_weight":"0.5","modality":"image","num_images":"1","num_result_ids":"1","indice_name":"image"}""", 40)]
    [InlineData("""{"text":"","image":"NDA=","aesthetic_score":"","aesthetic_weight":"","modality":"image","num_images":1,"num_result_ids":1,"indice_name":"image"}""", 40)]
    [InlineData("""{"text":"","image":null,"image_url":"https://a.example/60","modality":"image","num_images":1,"indice_name":"image"}""", 60)]
    [InlineData("""{"text":"30","image":null,"modality":"text","num_images":1,"indice_name":"text","deduplicate":true}""", 30)]
    [InlineData("""{"text":"30","modality":"image","num_images":1,"indice_name":null}""", 30)]
    public async Task Knn_AsThePageSendsIt_IsAnswered(string body, int nearest)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All);

        (int status, JsonElement rows) = await served.AskAsync(HttpMethod.Post, "//knn-service", body, "text/plain;charset=UTF-8");

        Assert.Equal(200, status);
        Assert.InRange(rows[0].GetProperty("id").GetInt64(), nearest - 1, nearest + 1);
    }

    [Fact]
    public async Task Knn_DeduplicateAndSafety_RemoveRows()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (_, JsonElement folded) = await served.AskAsync(HttpMethod.Post, "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","num_images":100,"indice_name":"image","deduplicate":true}""");
        (_, JsonElement safe) = await served.AskAsync(HttpMethod.Post, "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","num_images":100,"indice_name":"image","use_safety_model":true}""");

        Assert.Equal(5, folded.GetArrayLength());
        Assert.Equal(80, safe.GetArrayLength());
    }

    [Fact]
    public async Task Metadata_NumbersAndTexts_AreBothIds()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement rows) = await served.AskAsync(HttpMethod.Post, "//metadata", """{"ids":[3,"7","9007199254740993",-1],"indice_name":"image"}""", "text/plain");
        (_, JsonElement none) = await served.AskAsync(HttpMethod.Post, "/metadata", """{"ids":[],"indice_name":"image"}""", type: null);

        Assert.Equal(200, status);
        Assert.Equal([3, 7], rows.EnumerateArray().Select(row => row.GetProperty("id").GetInt64()));
        Assert.Equal(MadeOutput.Row(7).Text, rows[1].GetProperty("metadata").GetProperty("caption").GetString());
        Assert.Equal(0, none.GetArrayLength());
    }

    public static TheoryData<string, string, int> Mistakes => new()
    {
        { "/knn-service", "", 400 },
        { "/knn-service", "{", 400 },
        { "/knn-service", "[1]", 400 },
        { "/knn-service", "null", 400 },
        { "/knn-service", "{}", 400 },
        { "/knn-service", """{"modality":"image","num_images":1,"indice_name":"image"}""", 400 },
        { "/knn-service", """{"embedding_input":[1,0,0,0],"num_images":1,"indice_name":"image"}""", 400 },
        { "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","indice_name":"image"}""", 400 },
        { "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","num_images":1,"indice_name":"nothing"}""", 404 },
        { "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","num_images":-1,"indice_name":"image"}""", 400 },
        { "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","num_images":"NaN","indice_name":"image"}""", 400 },
        { "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","num_images":1,"indice_name":"image","aesthetic_score":"good"}""", 400 },
        { "/knn-service", """{"embedding_input":[0,0,0,0],"modality":"image","num_images":1,"indice_name":"image"}""", 400 },
        { "/knn-service", """{"embedding_input":["NaN",0,0,0],"modality":"image","num_images":1,"indice_name":"image"}""", 400 },
        { "/knn-service", """{"embedding_input":{"a":1},"modality":"image","num_images":1,"indice_name":"image"}""", 400 },
        { "/knn-service", """{"image":"bm90IGEgcGljdHVyZQ==","modality":"image","num_images":1,"indice_name":"image"}""", 400 },
        { "/knn-service", """{"image_url":"http://127.0.0.1/x","modality":"image","num_images":1,"indice_name":"image"}""", 400 },
        { "/metadata", """{"indice_name":"image"}""", 400 },
        { "/metadata", """{"ids":["x"],"indice_name":"image"}""", 400 },
        { "/metadata", """{"ids":[1.5],"indice_name":"image"}""", 400 },
        { "/metadata", """{"ids":[1],"indice_name":"nothing"}""", 404 },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Post_AMistake_IsJsonWithAMessage(string path, string body, int expected)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All);

        (int status, JsonElement error) = await served.AskAsync(HttpMethod.Post, path, body, type: null);

        Assert.Equal(expected, status);
        Assert.False(string.IsNullOrEmpty(error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Get_TheOtherAddresses_AreThoseOfTheContract()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (_, JsonElement names) = await served.AskAsync(HttpMethod.Get, "//indices-list");
        (_, JsonElement config) = await served.AskAsync(HttpMethod.Get, "/config.json");
        (int wrongMethod, JsonElement error) = await served.AskAsync(HttpMethod.Get, "/knn-service");
        string before = await served.Client.GetStringAsync("/metrics-summary");
        await served.AskAsync(HttpMethod.Post, "/metadata", """{"ids":[],"indice_name":"image"}""");
        string after = await served.Client.GetStringAsync("/metrics-summary");
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/knn-service");
        preflight.Headers.Add("Origin", "https://elsewhere.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using HttpResponseMessage allowed = await served.Client.SendAsync(preflight);

        Assert.Equal(["image", "text"], names.EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(("image", "url"), (config.GetProperty("defaultIndex").GetString(), config.GetProperty("urlColumn").GetString()));
        Assert.Equal(served.Address.ToString(), config.GetProperty("defaultBackend").GetString());
        Assert.Equal(405, wrongMethod);
        Assert.Equal("The method is not allowed for the requested URL.", error.GetProperty("message").GetString());
        Assert.Equal("No request yet, go do some", before);
        Assert.Contains("metadata", after, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NoContent, "*"), (allowed.StatusCode, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single()));
    }

    /// <summary>
    /// With the client itself where <c>LAION_CLIP_CLIENT</c> is the path of clip-retrieval's clip_client.py; else with the same requests by the same library, as
    /// that client was seen to send them.
    /// </summary>
    [SkippableFact]
    public async Task Client_InPython_GetsRowsForATextAPictureAnAddressAndAVector()
    {
        const string Python = "/usr/bin/python3"; // the distribution's, which has its packages
        Skip.IfNot(File.Exists(Python) && await RunAsync(Python, ["-c", "import requests"]) is (0, _), "python3-requests of Debian is not installed");
        await using ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All);
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("picture.jpg"), "40");

        (int exit, string output) = await RunAsync(
            Python, ["-c", ClientScript, new Uri(served.Address, "knn-service").ToString(), folder.At("picture.jpg"), Environment.GetEnvironmentVariable("LAION_CLIP_CLIENT") ?? ""]);

        Assert.True(exit == 0, output);
        Assert.Contains("client: all right", output, StringComparison.Ordinal);
    }

    private const string ClientScript = """
        import base64, json, sys, importlib.util, requests
        url, picture, real = sys.argv[1:4]
        def ask(text=None, image=None, embedding_input=None, image_url=None, index="image"):
            body = dict(text=text, image=base64.b64encode(open(image, "rb").read()).decode() if image else None, image_url=image_url, embedding_input=embedding_input,
                deduplicate=True, use_safety_model=True, use_violence_detector=True, indice_name=index, use_mclip=False, aesthetic_score=9, aesthetic_weight=0.5,
                modality="image", num_images=40, num_result_ids=40)
            return requests.post(url, data=json.dumps(body), timeout=60).json()
        if real:
            spec = importlib.util.spec_from_file_location("clip_client", real)
            module = importlib.util.module_from_spec(spec)
            sys.modules["clip_client"] = module
            spec.loader.exec_module(module)
            client = module.ClipClient(url=url, indice_name="image", num_images=40)
            def ask(text=None, image=None, embedding_input=None, image_url=None, index="image"):
                if index != "image": return module.ClipClient(url=url, indice_name=index).query(text=text)
                return client.query(text=text, image=image or image_url, embedding_input=embedding_input)
        for rows, near in ((ask(text="40"), 40), (ask(image=picture), 40), (ask(image_url="https://a.example/60"), 60), (ask(embedding_input=[1.0, 0, 0, 0]), 0)):
            assert rows and abs(rows[0]["id"] - near) <= 2, rows[:2]
            assert set(rows[0]) == {"url", "image_path", "caption", "NSFW", "id", "similarity"}, rows[0]
            assert len({row["id"] for row in rows}) == len(rows)
        assert "message" in ask(text="40", index="nothing")
        print("client: all right")
        """;

    private static async Task<(int Exit, string Output)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await error);
    }

    private static string[] Names(JsonElement row) => [.. row.EnumerateObject().Select(property => property.Name)];
}

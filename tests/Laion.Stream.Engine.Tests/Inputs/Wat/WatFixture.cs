using LaionStream.Demo;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.Engine.OptOuts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Tests.Inputs.Wat;

/// <summary>Reads WATs in memory.</summary>
internal static class WatFixture
{
    public static async Task<(List<LinkOutcome> Outcomes, InputHealth Health)> ReadAsync(byte[] file, CandidateOptions? rules = null,
        WatOptions? options = null, string name = "test.warc.wat.gz",
        OptOutJudge? optOuts = null)
    {
        var health = new InputHealth();
        var outcomes = new List<LinkOutcome>();
        await foreach (PageLinks page in CreateReader(new MemoryOpener(file), rules, options, optOuts).ReadAsync(new InputFile(3, name), health, default))
        {
            Assert.Equal(outcomes.Count, page.FirstOrdinal);
            outcomes.AddRange(page.Outcomes);
        }

        return (outcomes, health);
    }

    public static WatReader CreateReader(IInputOpener opener, CandidateOptions? rules = null, WatOptions? options = null, OptOutJudge? optOuts = null)
    {
        rules ??= new CandidateOptions();
        return new WatReader(
            opener, new CaptionRules(rules), new UrlRules(rules), optOuts ?? new OptOutJudge(OptOutPolicy.Of(new()), rules.Agent), Options.Create(rules),
            Options.Create(options ?? new WatOptions()));
    }

    public static InputOpener CreateOpener(HttpClient http, WatOptions options, TimeProvider? clock = null) =>
        new(http, Options.Create(options), clock ?? TimeProvider.System, NullLogger<InputOpener>.Instance);

    /// <summary>A WAT with a number of pages, two image links and one anchor each.</summary>
    public static byte[] Write(int pages)
    {
        using var output = new MemoryStream();
        WatWriter.Write(output, Enumerable.Range(0, pages).Select(i => Page(
            $"https://site{i}.example/dir/page.html",
            new WatLink("IMG@/src", $"pic{i}.jpg", $"Picture number {i} of the set"),
            new WatLink("A@/href", "/elsewhere", Text: "elsewhere"),
            new WatLink("IMG@/src", "/spacer.png"))));
        return output.ToArray();
    }

    public static byte[] Write(params WatPage[] pages)
    {
        using var output = new MemoryStream();
        WatWriter.Write(output, pages);
        return output.ToArray();
    }

    public static WatPage Page(string address, params WatLink[] links) => new(new Uri(address), links);

    /// <summary>A plain WAT record with the given JSON.</summary>
    public static byte[] Record(string json, string lineEnd = "\r\n", int? length = null)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(json);
        string header = string.Join(lineEnd, "WARC/1.0", "WARC-Type: metadata", "WARC-Target-URI: http://a.example/p", "Content-Type: application/json",
            $"Content-Length: {length ?? body.Length}", "", "");
        return [.. System.Text.Encoding.UTF8.GetBytes(header), .. body, .. System.Text.Encoding.UTF8.GetBytes(lineEnd + lineEnd)];
    }

    /// <summary>A response record in today's form with the given <c>HTML-Metadata</c>.</summary>
    public static string Json(string htmlMetadata) =>
        "{\"Container\":{\"Offset\":\"0\"},\"Envelope\":{\"Payload-Metadata\":{\"HTTP-Response-Metadata\":{\"Headers\":{\"Server\":\"x\"},\"HTML-Metadata\":"
        + htmlMetadata + ",\"Entity-Length\":\"1\"}},\"WARC-Header-Metadata\":{\"WARC-Target-URI\":\"http://a.example/dir/p.html\"}}}";

    public sealed class MemoryOpener(byte[] file) : IInputOpener
    {
        public ValueTask<Stream> OpenAsync(string location, InputHealth health, CancellationToken stop) =>
            ValueTask.FromResult<Stream>(new MemoryStream(file, writable: false));

        public ValueTask<RemoteFile> OpenPartsAsync(string location, InputHealth health, CancellationToken stop) => throw new NotSupportedException();
    }
}

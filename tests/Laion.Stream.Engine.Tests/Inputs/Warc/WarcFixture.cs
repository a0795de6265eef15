using System.Text;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Tests.Inputs.Wat;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Tests.Inputs.Warc;

/// <summary>Builds and reads WARCs.</summary>
internal static class WarcFixture
{
    public static byte[] Page(string html, string fields = "Content-Type: text/html", string status = "200 OK", string type = "response") =>
        Record(Encoding.UTF8.GetBytes(html), fields, status, type);

    public static byte[] Record(ReadOnlySpan<byte> body, string fields, string status = "200 OK", string type = "response",
        string uri = "http://a.example/dir/p.html")
    {
        byte[] http = [.. Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\n{fields}\r\n\r\n"), .. body];
        return [.. Encoding.UTF8.GetBytes(
            $"WARC/1.0\r\nWARC-Type: {type}\r\nWARC-Target-URI: {uri}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {http.Length}\r\n\r\n"), .. http, .. "\r\n\r\n"u8];
    }

    public static Task<(List<LinkOutcome> Outcomes, InputHealth Health)> ReadAsync(byte[] file, CandidateOptions? rules = null, bool fromArchive = false,
        string name = "x.warc") =>
        ReadAsync(new WatFixture.MemoryOpener(file), name, rules, fromArchive);

    public static async Task<(List<LinkOutcome> Outcomes, InputHealth Health)> ReadFileAsync(string path, CandidateOptions? rules = null,
        bool fromArchive = false)
    {
        using HttpClient http = InputOpener.CreateClient();
        return await ReadAsync(WatFixture.CreateOpener(http, new WatOptions()), path, rules, fromArchive);
    }

    private static async Task<(List<LinkOutcome> Outcomes, InputHealth Health)> ReadAsync(IInputOpener opener, string name, CandidateOptions? rules,
        bool fromArchive)
    {
        rules ??= new CandidateOptions();
        var reader = new WarcReader(
            opener, new CaptionRules(rules), new UrlRules(rules), new OptOutJudge(OptOutPolicy.Of(new()), rules.Agent), Options.Create(rules), Options.Create(
                new WatOptions()), fromArchive, NullLogger<WarcReader>.Instance);
        var health = new InputHealth();
        var outcomes = new List<LinkOutcome>();
        await foreach (PageLinks page in reader.ReadAsync(new InputFile(5, name), health, default))
        {
            Assert.Equal(outcomes.Count, page.FirstOrdinal);
            outcomes.AddRange(page.Outcomes);
        }

        return (outcomes, health);
    }
}

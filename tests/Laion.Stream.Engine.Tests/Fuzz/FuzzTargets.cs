using LaionStream.Engine.Tests.Candidates;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>
/// Everything that parses untrusted data, from the first byte of a file to a caption. Addresses and languages are with the tests of Laion.Stream.Text.
/// </summary>
internal static class FuzzTargets
{
    /// <summary>The targets in the order of the pipeline.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("gzip members", 500, MemberFuzz.GzipAsync),
        new("zstd members", 500, MemberFuzz.ZstdAsync),
        new("wat reader", 300, RecordFuzz.WatAsync),
        new("warc reader", 200, RecordFuzz.WarcAsync),
        FuzzTarget.Of("json links", 600, JsonFuzz.Links),
        FuzzTarget.Of("http body", 300, HttpBodyFuzz.Decode),
        FuzzTarget.Of("html", 400, HtmlFuzz.Parse),
        FuzzTarget.Of("html charset", 300, HtmlFuzz.Charset),
        FuzzTarget.Of("srcset", 300, HtmlFuzz.SrcSets),
        new("text lists", 100, ListFuzz.TextAsync),
        new("parquet lists", 40, ListFuzz.ParquetAsync),
        FuzzTarget.Of("caption", 100, seed => new CaptionFuzzTests().Fuzz(seed, 200)),
        FuzzTarget.Of("robots", 100, OptOutFuzz.Robots),
        FuzzTarget.Of("content usage", 100, OptOutFuzz.ContentUsage),
        FuzzTarget.Of("opt-out headers", 100, OptOutFuzz.Headers),
        FuzzTarget.Of("dns responses", 200, DnsFuzz.Responses),
    ];
}

using System.Runtime.CompilerServices;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pages;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.OptOuts;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>
/// Reads Common Crawl's WAT files: plain, gzip or zstd, local or remote. No content of a file makes it throw: damage is skipped and
/// counted. Records without <c>IMG@</c> are not parsed, so their JSON is not validated either.
/// </summary>
internal sealed class WatReader(
    IInputOpener opener,
    CaptionRules captions,
    UrlRules urls,
    OptOutJudge optOuts,
    IOptions<CandidateOptions> candidates,
    IOptions<WatOptions> options,
    RejectedLinks? rejected = null)
    : ICandidateReader
{
    private readonly RejectedLinks _rejected = rejected ?? RejectedLinks.NotKept;
    private readonly LinkJudge _judge = new(captions, urls);
    private readonly int _maxRecordBytes = options.Value.MaxRecordBytes;

    /// <inheritdoc/>
    public async IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, [EnumeratorCancellation] CancellationToken stop)
    {
        Stream stream = await opener.OpenAsync(file.Location, health, stop);
        await using RecordReader records = await RecordReader.OpenAsync(stream, file.Name, _maxRecordBytes, health, stop);
        IRecordOutcomes outcomes = CreateOutcomes(file);
        health.Missing = "metadata record of a WAT";
        while (await records.ReadAsync(stop))
        {
            if (health.Missing is not null && RecordHeader.IsOfType(records.Header, "metadata"u8))
            {
                health.Missing = null;
            }

            if (records.IsCut || records.Body.IndexOf("IMG@"u8) < 0)
            {
                continue;
            }

            if (!TryRead(records, outcomes))
            {
                health.SkipRecord("a record is no JSON of links");
            }
            else if (outcomes.Links.Count > 0)
            {
                yield return outcomes.Links;
            }
        }
    }

    private IRecordOutcomes CreateOutcomes(InputFile file) =>
        candidates.Value.Rules == CandidateRuleSet.Laion5b
            ? new Laion5bOutcomes(captions, file, _rejected)
            : new DefaultOutcomes(_judge, file, optOuts, _rejected);

    private static bool TryRead(RecordReader records, IRecordOutcomes outcomes)
    {
        RecordHeader.TryFind(records.Header, "warc-target-uri"u8, out ReadOnlySpan<byte> uri);
        return outcomes.TryRead(records.Body, uri);
    }
}

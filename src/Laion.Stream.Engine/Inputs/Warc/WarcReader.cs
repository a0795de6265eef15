using System.Runtime.CompilerServices;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pages;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Charsets;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>
/// Reads the image links of HTML pages in WARC files (.warc, .warc.gz, .warc.zst; not ARC): of every response or resource that a browser would show as a page,
/// including error pages but not redirects. The default rules apply to links as in a WAT.
/// </summary>
/// <param name="opener">Opens the files.</param>
/// <param name="captions">The caption rules.</param>
/// <param name="urls">The URL rules.</param>
/// <param name="optOuts">Decides which statements of pages are obeyed.</param>
/// <param name="candidates">Whether figure captions replace a missing alt.</param>
/// <param name="options">Limits of a record.</param>
/// <param name="fromArchive">
/// Whether the archive's own picture responses answer its links (<c>Laion:Download:FromArchive</c>). Local files only: they are read twice.
/// </param>
/// <param name="log">Logs pages that could not be parsed.</param>
/// <param name="rejected">Makes the outcomes of rejected links.</param>
internal sealed partial class WarcReader(
    IInputOpener opener,
    CaptionRules captions,
    UrlRules urls,
    OptOutJudge optOuts,
    IOptions<CandidateOptions> candidates,
    IOptions<WatOptions> options,
    bool fromArchive,
    ILogger<WarcReader> log,
    RejectedLinks? rejected = null) : ICandidateReader
{
    private readonly RejectedLinks _rejected = rejected ?? RejectedLinks.NotKept;
    private readonly LinkJudge _judge = new(captions, urls);
    private readonly HtmlPageParser _parser = new(optOuts.Agent, candidates.Value.FigureCaptions);
    private readonly int _maxRecordBytes = options.Value.MaxRecordBytes;

    /// <inheritdoc/>
    public async IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, [EnumeratorCancellation] CancellationToken stop)
    {
        if (file.Name.EndsWith(".arc", StringComparison.OrdinalIgnoreCase) || file.Name.EndsWith(".arc.gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException($"'{PublicLocation.Of(file.Location)}' is an ARC file, the predecessor of WARC, which is not supported.");
        }

        WarcImageArchive? archive = fromArchive && !PublicLocation.IsRemote(file.Location)
            ? await WarcImageArchive.IndexAsync(opener, file, _maxRecordBytes, stop)
            : null;
        Stream stream = await opener.OpenAsync(file.Location, health, stop);
        await using RecordReader records = await RecordReader.OpenAsync(stream, file.Name, _maxRecordBytes, health, stop);
        var links = new PageLinks();
        int ordinal = 0;
        health.Missing = "response of a WARC";
        while (await records.ReadAsync(stop))
        {
            if (health.Missing is not null && IsOfAWarc(records.Header))
            {
                health.Missing = null;
            }

            if (!TryRead(records, out string address, out string html))
            {
                continue;
            }

            HtmlPage? page = TryParse(html, file, health, stop);
            if (page is null || page.Images.Count == 0)
            {
                continue;
            }

            OptOutFindings found = page.Objections.With(OptOutSignal.PageXRobotsTag, IsOptedOut(records.Body));
            OptOutSignal objection = optOuts.Decide(found);
            links.Reset(ordinal);
            WebUrl? baseUrl = WebUrl.ResolveBase(address, page.BaseHref);
            foreach (HtmlImage image in page.Images)
            {
                LinkOutcome outcome = Judge(new RowKey(file.Number, ordinal++), image, page, objection, baseUrl, address, file.Name, archive);
                if (outcome.Candidate is not null && !found.IsEmpty) { optOuts.Note(found); }
                if (outcome.Candidate is { } candidate && archive is not null && await archive.ReadAsync(candidate.Url, stop) is { } picture)
                {
                    outcome = outcome with { Candidate = candidate with { Archived = picture.Bytes, ArchivedHeaders = picture.Headers } };
                }

                links.Add(outcome);
            }

            yield return links;
        }
    }

    private static bool IsOfAWarc(ReadOnlySpan<byte> header) =>
        RecordHeader.IsOfType(header, "response"u8) || RecordHeader.IsOfType(header, "resource"u8) || RecordHeader.IsOfType(header, "revisit"u8)
        || RecordHeader.IsOfType(header, "request"u8) || RecordHeader.IsOfType(header, "conversion"u8);

    /// <summary>Whether the page's own response forbids use of its pictures.</summary>
    private bool IsOptedOut(ReadOnlySpan<byte> block)
    {
        foreach ((_, string value) in HttpMessage.Parse(block).Fields(RobotsTag.Name))
        {
            if (PageOptOut.IsOptedOutByHeader(value, optOuts.Agent))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The page, or null when the parser fails on it: the record counts as bad, and reading continues.</summary>
    private HtmlPage? TryParse(string html, InputFile file, InputHealth health, CancellationToken stop)
    {
        if (HtmlDepth.Exceeds(html))
        {
            health.SkipRecord("a page is nested too deep");
            return null;
        }

        try
        {
            return _parser.Parse(html, stop);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !(e is OperationCanceledException && stop.IsCancellationRequested))
        {
            // Third-party code on hostile input: no exception of the parser on a single page may end a run of days.
            Log.PageUnreadable(log, health.Records, file.Number, e);
            health.SkipRecord("a page cannot be parsed");
            return null;
        }
    }

    /// <summary>Extracts the text of an HTML page from a record; false for records without one.</summary>
    private bool TryRead(RecordReader records, out string address, out string html)
    {
        address = html = string.Empty;
        RecordHeader.TryFind(records.Header, "warc-type"u8, out ReadOnlySpan<byte> type);
        bool resource = Ascii.EqualsIgnoreCase(type, "resource"u8);
        if (!resource && !Ascii.EqualsIgnoreCase(type, "response"u8))
        {
            return false;
        }

        HttpMessage message = HttpMessage.Parse(records.Body);
        RecordHeader.TryFind(records.Header, "content-type"u8, out ReadOnlySpan<byte> recordType);
        string contentType = message.Status > 0 ? message.Field("content-type"u8) : resource ? Encoding.Latin1.GetString(recordType) : string.Empty;
        if (!MayBeShown(message.Status) || IsSurelyNoPage(contentType))
        {
            return false;
        }

        byte[] body = BodyDecoder.Decode(message, _maxRecordBytes);
        if (!HtmlSniffer.IsHtml(contentType, body))
        {
            return false;
        }

        address = PageAddress.Of(records.Header);
        html = HtmlCharset.Decode(body, contentType);
        return true;
    }

    /// <summary>A browser shows the body of every response except redirects and responses without a body.</summary>
    private static bool MayBeShown(int status) => status is 0 or (>= 200 and not 204 and not 205 and not (>= 300 and < 400));

    /// <summary>Avoids decoding pictures, which are the larger part of most archives.</summary>
    private static bool IsSurelyNoPage(string contentType) =>
        contentType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Decides an image by its best address that passes the rules: one that the archive contains, or else the first.</summary>
    private LinkOutcome Judge(RowKey key, HtmlImage image, HtmlPage page, OptOutSignal objection, WebUrl? baseUrl, string address, string source,
        WarcImageArchive? archive)
    {
        DropReason first = DropReason.None;
        Candidate? best = null;
        foreach (string href in image.Addresses.Count > 0 ? image.Addresses : [string.Empty])
        {
            DropReason reason = _judge.Judge(href, image.Alt, objection != OptOutSignal.None, baseUrl, out string? url, out string? caption);
            first = first == DropReason.None ? reason : first;
            if (reason == DropReason.None)
            {
                best ??= new Candidate(key, url!, caption, page.License, address, source, CandidateHash.Of(url!, caption));
                if (archive is null)
                {
                    break;
                }

                if (archive.Holds(url!))
                {
                    best = new Candidate(key, url!, caption, page.License, address, source, CandidateHash.Of(url!, caption));
                    break;
                }
            }
            else if (reason is not (DropReason.BadUrl or DropReason.UrlBlocked))
            {
                break; // no other address can change that
            }
        }

        return best is null
            ? _rejected.Of(first, key, image.Addresses.Count > 0 ? image.Addresses[0] : "", image.Alt, address, source) with { Signal = objection }
            : new LinkOutcome(DropReason.None, best);
    }
}

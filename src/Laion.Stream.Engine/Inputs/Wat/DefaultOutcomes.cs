using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Pages;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Html;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>Applies the default rules to the links of one WAT file's records. Its buffers are reused for every page.</summary>
internal sealed class DefaultOutcomes(LinkJudge judge, InputFile file, OptOutJudge optOuts, RejectedLinks rejected) : IRecordOutcomes
{
    private readonly ScannedPage _scanned = new();
    private readonly JsonText _href = new();
    private readonly JsonText _alt = new();
    private int _ordinal;

    /// <inheritdoc/>
    public PageLinks Links { get; } = new();

    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> json, ReadOnlySpan<byte> recordUri)
    {
        Links.Reset(_ordinal);
        if (!LinkExtractor.TryScan(json, _scanned, every: false))
        {
            return false;
        }

        if (_scanned.Links.Count == 0)
        {
            return true;
        }

        OptOutFindings found = ObjectionsOfHeader(json).And(ObjectionsOfMetas(json));
        OptOutSignal objection = optOuts.Decide(found);
        WebUrl? baseUrl = null;
        string? pageUrl = null;
        string? license = null;
        foreach (ScannedLink link in _scanned.Links)
        {
            var key = new RowKey(file.Number, _ordinal++);
            if (pageUrl is null && (rejected.Keeps || (link.Alt.End.Value > link.Alt.Start.Value && objection == OptOutSignal.None)))
            {
                ReadOnlySpan<byte> address = ScannedLink.Has(_scanned.TargetUri) ? json[_scanned.TargetUri] : recordUri;
                pageUrl = PageAddress.Of(_href.Decode(address)).ToString();
                baseUrl = WebUrl.ResolveBase(pageUrl, _href.Decode(json[_scanned.Base]));
            }

            ReadOnlySpan<char> href = _href.Decode(json[link.Url]);
            ReadOnlySpan<char> alt = _alt.Decode(json[link.Alt]);
            DropReason reason = judge.Judge(href, alt, objection != OptOutSignal.None, baseUrl, out string? url, out string? caption);
            if (reason != DropReason.None)
            {
                Links.Add(rejected.Of(reason, key, href, alt, pageUrl, file.Name) with { Signal = objection });
                continue;
            }

            if (!found.IsEmpty) { optOuts.Note(found); }
            license ??= License(json);
            Links.Add(new LinkOutcome(DropReason.None, new Candidate(key, url!, caption, license, pageUrl, file.Name, CandidateHash.Of(url!, caption))));
        }

        return true;
    }

    private OptOutFindings ObjectionsOfHeader(ReadOnlySpan<byte> json)
    {
        if (!OptOutWords.MayOccur(json[_scanned.Headers]))
        {
            return default;
        }

        var cursor = new JsonCursor(json, _scanned.Headers.Start.Value);
        HeaderWalk walk = default;
        while (LinkExtractor.TryNextHeader(ref cursor, "x-robots-tag"u8, ref walk, out Range value))
        {
            if (PageOptOut.IsOptedOutByHeader(_href.Decode(json[value]), optOuts.Agent))
            {
                return default(OptOutFindings).With(OptOutSignal.PageXRobotsTag);
            }
        }

        return default;
    }

    private OptOutFindings ObjectionsOfMetas(ReadOnlySpan<byte> json)
    {
        OptOutFindings found = default;
        if (!OptOutWords.MayOccur(json[_scanned.Metas]))
        {
            return found;
        }

        var cursor = new JsonCursor(json, _scanned.Metas.Start.Value);
        bool first = true;
        while (LinkExtractor.TryNextMeta(ref cursor, ref first, out Range name, out Range header, out Range content))
        {
            ReadOnlySpan<char> text = _alt.Decode(json[content]);
            if (text.Contains('&')) { text = HtmlEntities.Unescape(text); } // attributes are as they are in the page
            found = found.And(PageOptOut.OfMeta(_href.Decode(json[name]), text, optOuts.Agent))
                .And(PageOptOut.OfHeaderMeta(_href.Decode(json[header]), text, optOuts.Agent));
        }

        return found;
    }

    private string License(ReadOnlySpan<byte> json)
    {
        Range address = LinkExtractor.FindLicense(json, _scanned);
        return ScannedLink.Has(address) ? _href.Decode(json[address]).Trim().ToString() : LicenseLink.None;
    }
}

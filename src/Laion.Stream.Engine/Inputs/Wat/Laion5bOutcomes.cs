using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Pages;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>
/// LAION-5B's own rules, including their quirks (rvencu/crawlingathome-gpu-hcloud ccpp.py, parse_wat): every link with an <c>alt</c> is considered,
/// whatever its path; a licence link applies to itself and the links after it on the page; bases and opt-outs are ignored.
/// The first rule that fails gives the drop reason: bad_url, url_blocked, short_caption.
/// </summary>
internal sealed class Laion5bOutcomes(CaptionRules captions, InputFile file, RejectedLinks rejected) : IRecordOutcomes
{
    private const int MaxLicense = 80;

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
        if (!LinkExtractor.TryScan(json, _scanned, every: true))
        {
            return false;
        }

        string pageUrl = PageAddress.Of(_href.Decode(ScannedLink.Has(_scanned.TargetUri) ? json[_scanned.TargetUri] : recordUri)).ToString();
        string license = LicenseLink.None;
        foreach (ScannedLink link in _scanned.Links)
        {
            ReadOnlySpan<char> href = _href.Decode(json[link.Url]);
            if (href.Contains(LicenseLink.Mark, StringComparison.Ordinal))
            {
                license = href[..Math.Min(MaxLicense, href.Length)].ToString();
            }

            if (!ScannedLink.Has(link.Alt))
            {
                continue;
            }

            Links.Add(Judge(new RowKey(file.Number, _ordinal++), href, _alt.Decode(json[link.Alt]), pageUrl, license));
        }

        return true;
    }

    private LinkOutcome Judge(RowKey key, ReadOnlySpan<char> href, ReadOnlySpan<char> alt, string pageUrl, string license)
    {
        DropReason reason = Laion5bUrlRules.Resolve(href, pageUrl, out string? url);
        if (reason != DropReason.None || !captions.TryClean(alt, out string? caption, out reason))
        {
            return rejected.Of(reason, key, href, alt, pageUrl, file.Name);
        }

        string text = captions.Stored(caption);
        return new LinkOutcome(DropReason.None, new Candidate(key, url!, text, license, pageUrl, file.Name, CandidateHash.Of(url!, text)));
    }
}

using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>The rules for a picture of this machine: those for links, except that it needs no address, and no caption when captions are not scored.</summary>
/// <param name="captions">The caption rules.</param>
/// <param name="urls">The URL rules.</param>
/// <param name="rejected">Makes the outcomes of rejected pictures.</param>
internal sealed class PictureJudge(CaptionRules captions, UrlRules urls, RejectedLinks rejected)
{
    // LICENSE of a picture whose licence is unknown.
    private const string NoLicense = "?";

    /// <summary>Whether captions are scored, so that a picture without one is dropped.</summary>
    public bool CaptionRequired { get; set; } = true;

    /// <summary>Decides a picture.</summary>
    /// <param name="key">Input file and ordinal.</param>
    /// <param name="picture">Where it is stored.</param>
    /// <param name="fileUrl">The URL column when its address is not known.</param>
    /// <param name="texts">What is known of it.</param>
    /// <param name="source">Name of the input file.</param>
    public LinkOutcome Judge(RowKey key, LocalPicture picture, string fileUrl, PictureTexts texts, string source)
    {
        string? text = null;
        if (texts.Caption is null)
        {
            if (CaptionRequired) { return Reject(DropReason.NoAlt, key, fileUrl, texts, source); }
        }
        else if (!captions.TryClean(texts.Caption, out text, out DropReason reason))
        {
            return Reject(reason, key, fileUrl, texts, source);
        }

        if (Address(texts.Url, out string? url) == DropReason.UrlBlocked) { return Reject(DropReason.UrlBlocked, key, fileUrl, texts, source); }

        url ??= fileUrl; // an invalid address does not matter: the picture is here
        return new LinkOutcome(DropReason.None,
            new Candidate(key, url, text, texts.License ?? NoLicense, texts.Page, source, CandidateHash.Of(url, text)) { Local = picture });
    }

    /// <summary>The outcome of a picture that was not judged, because what names it is damaged.</summary>
    public LinkOutcome Reject(RowKey key, string source) => rejected.Of(DropReason.BadUrl, key, [], [], null, source);

    private LinkOutcome Reject(DropReason reason, RowKey key, string fileUrl, PictureTexts texts, string source) =>
        rejected.Of(reason, key, texts.Url ?? fileUrl, texts.Caption, texts.Page, source);

    /// <summary>The URL column for the address that is given. A file URL is kept: it comes from an output of ours, and names no file to open.</summary>
    private DropReason Address(string? given, out string? url)
    {
        url = null;
        if (given is null) { return DropReason.None; }
        if (FileUrl.PathOf(given) is null) { return urls.Resolve(given, null, out url); }

        url = given;
        return DropReason.None;
    }
}

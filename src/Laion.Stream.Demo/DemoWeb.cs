namespace LaionStream.Demo;

/// <summary>
/// The demo's web: pages with pictures that match their captions, pictures that do not, links that the rules drop, and servers that misbehave.
/// Every link has its expected outcome, so that the counts of a run can be checked.
/// </summary>
internal static class DemoWeb
{
    /// <summary>The suffix of all its hosts; the demo resolves them to its loopback server.</summary>
    public const string Domain = "demo.example";

    /// <summary>The page whose meta tag opts out.</summary>
    public const string OptedOutPage = "/opted-out.html";

    /// <summary>The page with a licence link.</summary>
    public const string LicensedPage = "/licensed.html";

    /// <summary>The page with a base element.</summary>
    public const string BasedPage = "/based.html";

    private const string Kept = "kept";
    private const int GalleryHosts = 6;

    // Each fault has its own host: a circuit breaker that opens for one must not hide the others.
    private static readonly (string Fault, string Expected)[] Faults =
    [
        (LoopbackFaults.NotFound, "http_status"),
        (LoopbackFaults.ServerError, "http_status"),
        (LoopbackFaults.Slow, "too_slow"),
        (LoopbackFaults.Stall, "too_slow"),
        (LoopbackFaults.Silent, "timeout"),
        (LoopbackFaults.Endless, "too_large"),
        (LoopbackFaults.Huge, "too_large"),
        (LoopbackFaults.GzipBomb, "too_large"),
        (LoopbackFaults.Truncated, "incomplete_body"),
        (LoopbackFaults.Reset, "incomplete_body"),
        (LoopbackFaults.Html, "not_an_image"),
        (LoopbackFaults.LyingType, "not_an_image"),
        (LoopbackFaults.PictureBomb, "too_many_pixels"),
        (LoopbackFaults.RedirectLoop, "too_many_redirects"),
        (LoopbackFaults.RedirectPrivate, "blocked_address"),
        (LoopbackFaults.RedirectMetadata, "blocked_address"),
        (LoopbackFaults.RedirectBad, "bad_url"),
        (LoopbackFaults.NoAi, "header_opt_out"),
        (LoopbackFaults.TdmReserved, "header_opt_out"),
        (LoopbackFaults.Tiny, "too_small_bytes"),
        (LoopbackFaults.Empty, "too_small_bytes"),
    ];

    /// <summary>Every link, page by page.</summary>
    /// <param name="pictures">The pictures to link to.</param>
    public static IReadOnlyList<DemoLink> Links(IReadOnlyList<DemoPicture> pictures) =>
        [.. Matching(pictures), .. Mismatching(pictures), .. Odd(pictures), .. Misbehaving()];

    private static IEnumerable<DemoLink> Matching(IReadOnlyList<DemoPicture> pictures) =>
        pictures.Select((picture, i) =>
            new DemoLink(Gallery(i), $"http://gallery-{i % GalleryHosts}.{Domain}/{picture.Name}", picture.Shows, picture.IsLargeEnough
            ? Kept
            : "too_small_bytes"));

    private static IEnumerable<DemoLink> Mismatching(IReadOnlyList<DemoPicture> pictures) =>
        pictures.Where(picture => picture.IsLargeEnough)
            .Select((picture, i) =>
                new DemoLink(Gallery(i), $"http://gallery-{i % GalleryHosts}.{Domain}/{picture.Name}?wrong", picture.DoesNotShow, "low_similarity"));

    /// <summary>Links for the rules that run before the download.</summary>
    private static IEnumerable<DemoLink> Odd(IReadOnlyList<DemoPicture> pictures)
    {
        DemoPicture first = pictures[0];
        DemoPicture second = pictures[1];
        string page = Gallery(0);
        return
        [
            new(page, $"http://gallery-0.{Domain}/{first.Name}", first.Shows, "duplicate"),
            new(page, $"http://gallery-0.{Domain}:80/{first.Name}#top", $"  {first.Shows}\n", "duplicate"),
            new(page, $"/{second.Name}?relative", second.Shows, Kept),
            new(page, $"//gallery-1.{Domain}/{second.Name}?same-protocol", second.Shows, Kept),
            new(page, $"http://gallery-2.{Domain}{LoopbackFaults.Redirect}?to=/{second.Name}", second.Shows, Kept),
            new(page, $"http://gallery-0.{Domain}/{second.Name}", null, "no_alt"),
            new(page, $"http://gallery-0.{Domain}/{second.Name}", "", "no_alt"),
            new(page, $"http://gallery-0.{Domain}/{second.Name}", "logo", "short_caption"),
            new(page, $"http://gallery-0.{Domain}/drawing.svg", "a drawing that scales", "url_blocked"),
            new(page, $"http://gallery-0.{Domain}/moving.GIF?x=1", "a picture that moves", "url_blocked"),
            new(page, "data:image/png;base64,", "a picture inside the page", "bad_url"),
            new(page, "http://[half-an-address/a.png", "a link that leads nowhere", "bad_url"),
            new(page, "http://192.168.0.1/a.png", "a picture in your own network", "blocked_address"),
            new(page, "http://0x7f.1:25/a.png", "a picture on the mail port", "port_blocked"),
            new(page, "http://127.0.0.1:65534/a.png", "a picture on a closed port", "connect_failed"),
            new(OptedOutPage, $"http://gallery-0.{Domain}/{first.Name}?opted-out", first.Shows, "page_opt_out"),
            new(LicensedPage, $"http://gallery-3.{Domain}/{first.Name}?licensed", first.Shows, Kept),
            new(BasedPage, $"{first.Name}?based", first.Shows, Kept),
        ];
    }

    private static IEnumerable<DemoLink> Misbehaving() =>
        Faults.Select((fault, i) => new DemoLink("/faults.html", $"http://fault-{i}.{Domain}{fault.Fault}", $"a picture behind {fault.Fault}", fault.Expected));

    private static string Gallery(int picture) => $"/gallery-{picture / 12}.html";
}

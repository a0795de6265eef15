using BenchmarkDotNet.Attributes;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download.Policies;
using LaionStream.Text.Urls;

namespace LaionStream.Benchmarks;

/// <summary>The URL rules per link. Floor: the copy of the string that an accepted link needs anyway; peer: <see cref="Uri"/>, which does less.</summary>
[MemoryDiagnoser]
public class UrlBenchmarks
{
    private static readonly string[] Absolute =
    [
        "https://cdn.shopify.com/s/files/1/0064/4435/products/product-image-1165930853_1024x1024.jpg?v=1571713841",
        "http://www.example.com/wp-content/uploads/2019/07/IMG_2034-300x225.jpg",
        "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg",
        "https://images.example.co.uk/is/image/Catalogue/12345_LARGE?wid=500&hei=500&fmt=jpeg&qlt=85,0&resMode=sharp2",
        "https://upload.wikimedia.org/wikipedia/commons/thumb/a/a9/Example.jpg/220px-Example.jpg",
    ];

    private static readonly string[] Relative =
        ["/images/logo.png", "../assets/photo-1.jpg", "thumb.php?id=17&w=120", "//cdn.example.com/a/b/c.webp", "img/team/anna.jpeg"];
    private static readonly string[] Refused =
        ["data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP", "/icons/cart.svg", "javascript:void(0)", "https://www.example.com/pixel.gif?x=1", "http:///x"];
    private static readonly string[] International = ["http://bücher.example/titel.jpg", "https://пример.рф/img/1.jpg", "https://例え.テスト/画像.png"];

    private readonly UrlRules _rules = new(new CandidateOptions());
    private readonly WebUrl _page = WebUrl.TryParse("https://www.example.com/blog/2020/post.html", null, out WebUrl? page)
        ? page
        : throw new InvalidOperationException();
    private readonly RobotsFile _robots = RobotsFile.Parse("User-agent: *\nDisallow: /search\nDisallow: /*?sort=\nAllow: /search/about\nDisallow: /*.pdf$\n"u8);

    [Benchmark(Baseline = true, OperationsPerInvoke = 5)]
    public int CopyFloor()
    {
        int length = 0;
        foreach (string url in Absolute)
        {
            length += new string(url.AsSpan()).Length;
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = 5)]
    public int ResolveAbsolute() => ResolveAll(Absolute);

    [Benchmark(OperationsPerInvoke = 5)]
    public int ResolveRelative() => ResolveAll(Relative);

    [Benchmark(OperationsPerInvoke = 5)]
    public int ResolveRefused() => ResolveAll(Refused);

    [Benchmark(OperationsPerInvoke = 3)]
    public int ResolveInternational() => ResolveAll(International);

    [Benchmark(OperationsPerInvoke = 5)]
    public int Laion5bAbsolute()
    {
        int kept = 0;
        foreach (string url in Absolute)
        {
            kept += Laion5bUrlRules.Resolve(url, _page.Href, out string? stored) == 0 ? stored!.Length : 0;
        }

        return kept;
    }

    [Benchmark(OperationsPerInvoke = 5)]
    public int PlatformUri()
    {
        int length = 0;
        foreach (string url in Absolute)
        {
            length += new Uri(url).AbsoluteUri.Length;
        }

        return length;
    }

    [Benchmark]
    public bool RobotsIsAllowed() => _robots.IsAllowed("laion-stream", "/images/2020/photo.jpg?w=300");

    private int ResolveAll(string[] links)
    {
        int kept = 0;
        foreach (string link in links)
        {
            kept += _rules.Resolve(link, _page, out string? url) == 0 ? url!.Length : 0;
        }

        return kept;
    }
}

using System.Text.Json;
using LaionStream.Explorer.Tests.Page;
using LaionStream.TestWorld;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Clip;

/// <summary>
/// clip-retrieval's own page, unchanged, against the service: <c>LAION_CLIP_FRONT</c> is the folder that its <c>npm run build</c> made (<c>front/build</c>, with
/// <c>index.html</c>). Nothing of it is in this repository.
/// </summary>
[Collection(BrowserGroup.Name)]
public sealed class FrontTests(BrowserFixture fixture)
{
    private const string Figures = "document.querySelector('clip-front').shadowRoot.querySelectorAll('#products figure')";

    private const string Images = "document.querySelector('clip-front').images.length";

    private static string Folder => Environment.GetEnvironmentVariable("LAION_CLIP_FRONT") ?? "";

    /// <summary>As clip-retrieval's back end serves it: its settings are those of the service, whose address ends in a slash.</summary>
    [SkippableFact]
    public async Task Front_WithTheSettingsOfTheService_SearchesScrollsAndDownloads()
    {
        await using Front front = await Front.StartAsync(fixture, "/");
        IPage page = front.Window.Page;

        await page.Locator("#searchBar").FillAsync("40");
        await page.Locator("#searchBar").PressAsync("Enter");
        await front.WaitForAsync($"{Figures}.length >= 5");
        await page.GetByLabel("Hide (near) duplicate images").ClickAsync();
        await front.WaitForAsync($"{Images} === 80 && {Figures}.length >= 40"); // all that the vectors of a few degrees had hidden
        await page.GetByLabel("Safe mode").ClickAsync();
        await front.WaitForAsync($"{Images} === 100"); // an answer that comes after that of a later request would stay
        for (int scrolls = 0; scrolls < 100 && await page.EvaluateAsync<int>($"() => {Figures}.length") < 100; scrolls++) // columns of further rows, a page at a time
        {
            await page.Mouse.WheelAsync(0, scrolls % 2 == 0 ? 20_000 : -500);
            await page.WaitForTimeoutAsync(100);
        }

        await front.WaitForAsync($"{Figures}.length === 100");
        Assert.Equal("picture number 40 of a Red thing", (await page.Locator("#products figcaption").First.TextContentAsync())!.Trim());
        Assert.Equal(MadeOutput.Row(40).Url, await page.Locator("#products img.pic").First.GetAttributeAsync("src"));
        await page.GetByLabel("Display similarities").ClickAsync();
        Assert.Equal("1.0000", (await page.Locator("#products figure p").First.TextContentAsync())!.Trim());

        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#download"));
        await using FileStream file = File.OpenRead((await download.PathAsync())!);
        Assert.Equal(100, (await JsonDocument.ParseAsync(file)).RootElement.GetArrayLength());
    }

    [SkippableFact]
    public async Task Front_ByAPictureAnAddressItsRatingAndAnIndex_FindsRows()
    {
        await using Front front = await Front.StartAsync(fixture, "/");
        IPage page = front.Window.Page;
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("picture.jpg"), "60");

        await page.SetInputFilesAsync("#filechooser", folder.At("picture.jpg"));
        await front.WaitForFirstAsync(60);
        await page.GetByLabel("Enable aesthetic scoring").ClickAsync();
        await front.WaitForFirstAsync(60);
        await page.GotoAsync(front.Address + "/?imageUrl=" + Uri.EscapeDataString("https://a.example/20"));
        await front.WaitForFirstAsync(20);
        await page.Locator("#filter select").First.SelectOptionAsync("text");
        await front.WaitForFirstAsync(20);
        await page.GetByLabel("Search over").SelectOptionAsync("text");
        await front.WaitForFirstAsync(20);
        await page.GetByLabel("Search with multilingual clip").Last.ClickAsync();
        await front.WaitForFirstAsync(20);
    }

    /// <summary>Served from elsewhere, as people host it: the address of the service comes from the page's own, and browsers ask whether they may.</summary>
    [SkippableFact]
    public async Task Front_FromAnotherSite_UsesTheServiceOfItsAddress()
    {
        await using Front front = await Front.StartAsync(fixture, null);

        await front.WaitForFirstAsync(30);
        Assert.Equal(["image", "text"], await front.Window.Page.Locator("#filter select").First.Locator("option").AllTextContentsAsync());
    }

    private sealed class Front : IAsyncDisposable
    {
        private readonly ServedOutput _served;
        private readonly WebApplication _site;
        private readonly List<string> _errors = [];

        private Front(ServedOutput served, WebApplication site, PageWindow window) => (_served, _site, Window) = (served, site, window);

        public PageWindow Window { get; }

        public string Address => Window.Address;

        public static async Task<Front> StartAsync(BrowserFixture fixture, string? path)
        {
            Skip.IfNot(File.Exists(Path.Combine(Folder, "index.html")), "LAION_CLIP_FRONT does not name a build of clip-retrieval's page");
            Skip.If(fixture.Browser is null, fixture.Why);
            ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All);
            WebApplication site = await ServeAsync(served, path is not null);
            string address = site.Urls.First();
            PageWindow window = await PageWindow.OpenAsync(fixture, address, "/assets/search.png");
            await window.Page.RouteAsync("**/*.jpg", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "image/png", Path = Path.Combine(Folder, "assets", "search.png") }));
            await window.Page.RouteAsync("https://a.example/*", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "image/png", Path = Path.Combine(Folder, "assets", "search.png") }));
            window.IsForeign = true;
            var front = new Front(served, site, window);
            front.Watch();
            await window.GoAsync(path ?? $"/?back={Uri.EscapeDataString(served.Address.GetLeftPart(UriPartial.Authority))}&query=30&index=image");
            await window.Page.Locator("#searchBar").WaitForAsync();
            return front;
        }

        public Task<IJSHandle> WaitForAsync(string expression) => Window.Page.WaitForFunctionAsync($"() => {expression}");

        public Task WaitForFirstAsync(int row) => Window.Page.Locator($"#products figure:first-of-type img.pic[src='{MadeOutput.Row(row).Url}']").First.WaitForAsync(
            new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

        public async ValueTask DisposeAsync()
        {
            await Window.DisposeAsync();
            await _site.DisposeAsync();
            await _served.DisposeAsync();
            lock (_errors) { Assert.Empty(_errors); }
        }

        private void Watch()
        {
            Window.Page.PageError += (_, error) => Add(error);
            Window.Page.Console += (_, message) =>
            {
                if (message.Type == "error" && !message.Location.StartsWith(Address, StringComparison.Ordinal)) { Add($"{message.Text} ({message.Location})"); }
            };
        }

        private void Add(string error)
        {
            lock (_errors) { _errors.Add(error); }
        }

        private static async Task<WebApplication> ServeAsync(ServedOutput served, bool withItsSettings)
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            WebApplication site = builder.Build();
            var files = new PhysicalFileProvider(Path.GetFullPath(Folder));
            if (withItsSettings)
            {
                site.Use(async (HttpContext context, RequestDelegate next) =>
                {
                    if (context.Request.Path == "/config.json") { await context.Response.WriteAsync(await served.Client.GetStringAsync("/config.json")); }
                    else { await next(context); }
                });
            }

            site.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            site.UseStaticFiles(new StaticFileOptions { FileProvider = files });
            await site.StartAsync();
            return site;
        }
    }
}

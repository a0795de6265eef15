using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>The page for all people and windows: what axe-core finds, narrow windows, screen readers.</summary>
[Collection(BrowserGroup.Name)]
public sealed class AccessTests(BrowserFixture fixture)
{
    private const string Audit = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .filter(one => one.impact === 'serious' || one.impact === 'critical')
          .flatMap(one => one.nodes.slice(0, 3).map(node => one.id + ': ' + node.html.slice(0, 160) + ' ' + node.failureSummary))
        """;

    [SkippableTheory]
    [InlineData("/?q=text:harbour&q=-0.5*text:snow&set=en", "#side [data-score]")]
    [InlineData("/?row=21", "#detail-similar a")]
    [InlineData("/?tab=map", "#map-legend")]
    [InlineData("/?tab=dataset", "#view-dataset .reasons")]
    [InlineData("/?tab=run", "#view-run .plot")]
    public async Task Axe_OnEachView_FindsNothingSerious(string path, string ready)
    {
        Skip.If(fixture.Browser is null, fixture.Why);
        string? axe = await AxeScript.ReadAsync();
        Skip.If(axe is null, "axe-core could not be fetched: npm or its registry is missing");
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address, path);
        await window.Page.Locator(ready).First.WaitForAsync();
        await window.Page.EvaluateAsync(axe);
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await window.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            string[] found = await window.Page.EvaluateAsync<string[]>(Audit);

            Assert.True(found.Length == 0, scheme + Environment.NewLine + string.Join(Environment.NewLine, found));
        }
    }

    [SkippableTheory]
    [InlineData("/?q=text:harbour&q=text:a+rather+long+search+for+phones&q=-1*row:4&set=en&s.similarity=0.27..", ".card")]
    [InlineData("/?row=11", "#detail-columns")]
    [InlineData("/?tab=map&set=en&colour=domain", "#map-legend")]
    [InlineData("/?tab=dataset", ".figures")]
    [InlineData("/?tab=run", ".figures")]
    public async Task Window_OfAnyWidth_NeedsNoSidewaysScrolling(string path, string ready)
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address, path);
        await window.Page.Locator(ready).First.WaitForAsync();
        foreach (int width in new[] { 320, 390, 768, 1024, 1920, 2560 })
        {
            await window.Page.SetViewportSizeAsync(width, 800);
            // The grid is laid out again with the next frame.
            await window.Page.WaitForFunctionAsync("() => [document.documentElement, document.querySelector('#detail')].every(one => one.scrollWidth <= one.clientWidth)");
            Assert.True(await window.Page.EvaluateAsync<bool>("() => document.querySelector('#side').scrollWidth <= document.querySelector('#side').clientWidth"), $"the filters at {width}");
        }
    }

    [SkippableFact]
    public async Task Filters_OfANarrowWindow_AreInADrawer()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address, "/", 390, 844);
        await window.WaitForRowsAsync();

        await window.Page.ClickAsync("#open-filters");
        await window.Page.CheckAsync("#drawer [aria-label='Set: multi']");
        await window.WaitForTextAsync("#filter-count", "1");
        await window.Page.ClickAsync("#drawer-done");
        await window.WaitForTextAsync("#active", "Set: multi");
        Assert.Equal("open-filters", await window.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await window.Page.SetViewportSizeAsync(1400, 800); // the same filters beside the grid
        await window.Page.Locator(".explore > #side [aria-label='Set: multi']").WaitForAsync();
    }

    [SkippableFact]
    public async Task Grid_ForScreenReaders_IsAFeedOfNamedRows()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();

        Assert.Equal("feed", await window.Page.GetAttributeAsync("#grid", "role"));
        Assert.Equal("Fishing boats in spring, travel guide, 1200 by 800", await window.Page.GetAttributeAsync(".card[data-id='0'] a", "aria-label"));
        Assert.Contains("marked as unsafe", await window.Page.GetAttributeAsync($".card[data-id='{StubRows.Unsafe}'] a", "aria-label"), StringComparison.Ordinal);
        Assert.Equal(1, await window.Page.Locator(".card a[tabindex='0']").CountAsync()); // one stop for Tab, arrows within
        Assert.Equal("auto", await window.Page.GetAttributeAsync($".card[data-id='{StubRows.RightToLeft}'] .caption", "dir"));
        Assert.Equal("rtl", await window.Page.EvaluateAsync<string>($"() => getComputedStyle(document.querySelector('.card[data-id=\"{StubRows.RightToLeft}\"] .caption')).direction"));
    }
}

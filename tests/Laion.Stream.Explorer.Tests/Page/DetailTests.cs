using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>A row's details, the selection and the export.</summary>
[Collection(BrowserGroup.Name)]
public sealed class DetailTests(BrowserFixture fixture)
{
    [SkippableFact]
    public async Task Detail_OfARow_ShowsColumnsReasonsAndSimilarRows()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();

        await window.Page.HoverAsync(".card[data-id='1'] .frame");
        await window.WaitForTextAsync("#peek", StubRows.Make(2)[1]["domain"]!.ToString());
        await Assertions.Expect(window.Page.Locator("#peek")).ToBeVisibleAsync();
        await window.OpenRowAsync(1);
        await window.WaitForTextAsync(".why", "≥ 0.26");
        await window.WaitForTextAsync("#detail-columns", "SAMPLE_ID");
        await window.WaitForTextAsync("#detail", "en/00000.parquet");
        string[] links = await window.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('#detail a[target]')].map(one => one.rel + ' ' + one.referrerPolicy + one.href)");
        Assert.Contains(links, link => link.Contains("pages.example.org", StringComparison.Ordinal));
        Assert.All(links, link => Assert.StartsWith("noopener noreferrer", link, StringComparison.Ordinal));

        ILocator similar = window.Page.Locator("#detail-similar a").First;
        await similar.ClickAsync();
        await window.Page.WaitForFunctionAsync("() => !location.search.endsWith('row=1') && location.search.includes('row=')");
        await window.Page.Locator("#detail-columns").WaitForAsync();
        await window.Page.GoBackAsync();
        await window.Page.WaitForURLAsync("**row=1");
        await window.Page.GoBackAsync();
        await window.Page.WaitForFunctionAsync("() => !document.querySelector('#detail').open");

        await window.OpenRowAsync(2);
        await window.Page.ClickAsync("#detail-similar-search");
        await window.WaitForTextAsync("#terms", "like row 2");
        await window.WaitForCountAsync("The nearest");
        Assert.False(await window.Page.EvaluateAsync<bool>("() => document.querySelector('#detail').open"));
        Assert.Equal("""[{"row":2,"weight":1}]""", stub.Last("/api/v1/search")["query"]!.ToJsonString());
    }

    [SkippableFact]
    public async Task Detail_ByLink_OpensARowThatTheGridDoesNotHave()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address, "/?row=444");

        await window.WaitForTextAsync("#detail-columns", "SAMPLE_ID");
        await window.WaitForTextAsync("#detail-place", "Row 444");
        await window.Page.ClickAsync("#detail [aria-label='Close']");
        await window.Page.WaitForFunctionAsync("() => location.search === '' && !document.querySelector('#detail').open");
        window.Expect(404, "/api/v1/rows/9999");
        await window.GoAsync("/?row=9999");
        await window.WaitForTextAsync("#detail", "There is no such row.");
    }

    [SkippableFact]
    public async Task Selection_Exported_GivesAFileAndACommand()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();

        await window.Page.Locator(".card[data-id='1'] .tick input").ClickAsync();
        await window.Page.Locator(".card[data-id='4'] .tick input").ClickAsync(new LocatorClickOptions { Modifiers = [KeyboardModifier.Shift] });
        await window.WaitForTextAsync("#selected", "4 selected");
        await window.Page.ClickAsync("#selected-export");
        await window.WaitForTextAsync("#export-command", "row in (1, 2, 3, 4)");
        await window.Page.CheckAsync("#export [value=csv]");
        await window.WaitForTextAsync("#export-command", "--format csv");
        IDownload download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.ClickAsync("#export-go"));
        Assert.Equal("subset.csv", download.SuggestedFilename);
        Assert.Equal("""{"ids":[1,2,3,4],"format":"csv"}""", stub.Last("/api/v1/export").ToJsonString());

        await window.Page.ClickAsync("#selected button:text('Clear')");
        await window.Page.WaitForFunctionAsync("() => document.querySelector('#selected').hidden");
        await window.Page.CheckAsync("[aria-label='Set: en']");
        await window.WaitForTextAsync("#active", "Set: en");
        await window.Page.ClickAsync("#open-export");
        await window.Page.FillAsync("#export-most", "250");
        await window.Page.CheckAsync("#export [value=urls]");
        await window.WaitForTextAsync("#export-command", "--format urls");
        window.Expect(503, "/api/v1/export");
        stub.Faults["/api/v1/export"] = 503;
        await window.Page.ClickAsync("#export-go");
        await window.WaitForTextAsync("#export-failure", "The index is being rebuilt.");
        Assert.Equal(
            """{"query":[],"index":"image","filter":{"sets":["en"]},"safe":"blur","distinct":true,"format":"urls"}""", stub.Last("/api/v1/export/command").ToJsonString());
        await window.WaitForTextAsync("#export-same", "All rows that pass");
    }

    [SkippableFact]
    public async Task Selection_OutlivesSearches_AndCanBeSearchedBy()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();

        await window.Page.Locator(".card[data-id='0'] .tick input").ClickAsync();
        await window.Page.FillAsync("#q", "mill");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.WaitForCountAsync("The nearest");
        await window.WaitForTextAsync("#selected", "1 selected");
        await window.Page.Locator(".card:not([data-id='0']) .tick input").First.ClickAsync();
        await window.WaitForTextAsync("#selected", "2 selected");
        await window.Page.ClickAsync("#selected-search");
        await Assertions.Expect(window.Page.Locator(".term")).ToHaveCountAsync(2);
    }
}

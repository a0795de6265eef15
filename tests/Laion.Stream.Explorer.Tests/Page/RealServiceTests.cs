using LaionStream.Explorer.Tests.Reports;
using LaionStream.Search.Index;
using LaionStream.Search.Mapping;
using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>The page with the service itself.</summary>
[Collection(BrowserGroup.Name)]
public sealed class RealServiceTests(BrowserFixture fixture)
{
    [SkippableFact]
    public async Task Page_OfAnOutput_BrowsesFiltersAndFindsSimilarRows()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, served.Address.ToString());
        await window.WaitForRowsAsync();

        await window.OpenRowAsync(2);
        await window.WaitForTextAsync("#detail-columns", "SAMPLE_ID");
        await window.Page.Locator("#detail-similar a").First.WaitForAsync();
        await window.Page.ClickAsync("#detail-similar-search");
        await window.WaitForCountAsync("rows of 100, in"); // near copies are folded, so that few are left
        Assert.NotEmpty(await window.CardsAsync());
        await window.Page.Locator("[data-score]").First.WaitForAsync();
        await window.Page.CheckAsync("[aria-label='Set: en']");
        await window.WaitForTextAsync("#active", "Set: en");
        await window.Page.WaitForFunctionAsync("() => document.querySelector('#grid').getAttribute('aria-busy') === 'false'");
        Assert.NotEmpty(await window.CardsAsync());
    }

    [SkippableFact]
    public async Task Page_OfAnOutput_ExportsAndDescribesIt()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, served.Address.ToString());
        await window.WaitForRowsAsync();

        await window.Page.Locator(".card[data-id='1'] .tick input").ClickAsync();
        await window.Page.ClickAsync("#selected-export");
        await window.WaitForTextAsync("#export-command", "laion-stream subset");
        await window.Page.CheckAsync("#export [value=jsonl]");
        IDownload download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.ClickAsync("#export-go"));
        Assert.Equal("rows.jsonl", download.SuggestedFilename);
        await window.Page.ClickAsync("[data-tab=dataset]");
        await window.WaitForTextAsync("#view-dataset .figures", "100");
        window.Expect(404, "/api/v1/run"); // is how the service says that there is none
        await window.Page.ClickAsync("[data-tab=run]");
        await window.WaitForTextAsync("#view-run", "No run is recorded here");
    }

    [SkippableFact]
    public async Task Page_OfAnOutputWithAMap_ShowsItsRowsWithoutThoseThatWereRemoved()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        new MapBuilder(served.Output.Folder, new IndexOptions()).Build(VectorKind.Image, default);
        await using PageWindow window = await PageWindow.OpenAsync(fixture, served.Address.ToString(), "/?tab=map&set=en&s.aesthetic=5..");

        await window.WaitForTextAsync(".map-bar", "100 rows"); // in safe mode unsafe rows are there, and blurred
        await window.WaitForTextAsync("#map-passing", "50 of 100 points pass the filters");
        await window.WaitForTextAsync("#map-legend", "en100");
        IndexRemoval.Remove(served.Output.Folder, 1, [7, 8]);
        await window.Page.ReloadAsync();
        await window.WaitForTextAsync(".map-bar", "98 rows");
        window.Expect(404, "/api/v1/map");
        await window.GoAsync("/?tab=map&map=text@out");
        await window.WaitForTextAsync("#view-map", "There is no such map"); // there is one of the pictures only
    }

    [SkippableFact]
    public async Task Page_OfARunThatGoesOn_ShowsItsFunnelAndItsRates()
    {
        await using ServedOutput served = await ReportTests.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, served.Address.ToString(), "/?tab=dataset");

        await window.WaitForTextAsync("#view-dataset", "100 of 103");
        Assert.StartsWith("M", await window.Page.GetAttributeAsync("[aria-label^='Rows by similarity'] .bar0", "d"), StringComparison.Ordinal);
        await window.WaitForTextAsync("#view-dataset [data-reason='http_status']", "60.0 %");
        await window.Page.ClickAsync("[data-tab=run]");
        await window.WaitForTextAsync("#view-run", "What limits the run now: Download");
        await window.WaitForTextAsync("#view-run .log", "It broke at 7.");
    }
}

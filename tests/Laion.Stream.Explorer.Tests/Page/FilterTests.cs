using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>Filters beside the grid, and safe mode.</summary>
[Collection(BrowserGroup.Name)]
public sealed class FilterTests(BrowserFixture fixture)
{
    [SkippableFact]
    public async Task Facet_Checked_FiltersAndKeepsItsOtherValues()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();
        ILocator others = window.Page.Locator("[data-facet='set'] label:has-text('multi') .n");
        await others.WaitForAsync();
        Assert.DoesNotContain("null", await window.Page.InnerTextAsync("#side"), StringComparison.Ordinal); // what the service does not count is left out
        string before = (await others.TextContentAsync())!;

        await window.Page.CheckAsync("[aria-label='Set: en']");
        await window.WaitForTextAsync("#active", "Set: en");
        await window.Page.WaitForURLAsync("**set=en");
        await window.WaitForRowsAsync();
        Assert.Equal("""{"sets":["en"]}""", stub.Last("/api/v1/search")["filter"]!.ToJsonString());
        await Assertions.Expect(window.Page.Locator("[data-facet='language'] label:has-text('French') .n")).ToHaveTextAsync("0");
        Assert.Equal(before, await others.TextContentAsync()); // what it would give instead

        await window.Page.ClickAsync("[aria-label='Remove the filter Set: en']");
        await window.Page.WaitForFunctionAsync("() => document.querySelector('#active').hidden && location.search === ''");
        await Assertions.Expect(window.Page.Locator("[aria-label='Set: en']")).Not.ToBeCheckedAsync();
        await window.Page.GoBackAsync();
        await window.WaitForTextAsync("#active", "Set: en");
        await Assertions.Expect(window.Page.Locator("[aria-label='Set: en']")).ToBeCheckedAsync();
    }

    [SkippableFact]
    public async Task Slider_Moved_SaysHowManyRowsSurviveAndFilters()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();
        ILocator thumb = window.Page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "Lowest Similarity" });
        ILocator survive = window.Page.Locator("[data-score='similarity'] .survive");
        await Assertions.Expect(survive).ToHaveTextAsync("500 rows have it");

        int asked = stub.Asked.Count(one => one.Path == "/api/v1/search");
        await thumb.EvaluateAsync("thumb => { thumb.value = 400; thumb.dispatchEvent(new Event('input')); }"); // on its way
        await Assertions.Expect(survive).ToContainTextAsync("of 500 rows survive");
        Assert.Equal(asked, stub.Asked.Count(one => one.Path == "/api/v1/search"));
        int said = int.Parse((await survive.Locator("b").TextContentAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        await thumb.EvaluateAsync("thumb => thumb.dispatchEvent(new Event('change'))"); // let go
        await window.Page.WaitForURLAsync("**s.similarity=0.356..");
        await window.WaitForTextAsync("#active", "Similarity ≥ 0.356");

        int passing = StubRows.Make(500).Count(row => (double)row["scores"]!["similarity"]! >= 0.356);
        Assert.InRange(said, passing - 8, passing + 8); // a bin is cut in proportion
        await window.Page.WaitForFunctionAsync("() => document.querySelector('#grid').getAttribute('aria-busy') === 'false'");
        Assert.Equal("""{"min":0.356}""", stub.Last("/api/v1/search")["filter"]!["scores"]!["similarity"]!.ToJsonString());

        await window.Page.Locator("[aria-label='Highest Similarity, as a number']").FillAsync("0.4");
        await window.Page.Keyboard.PressAsync("Tab");
        await window.Page.WaitForURLAsync("**s.similarity=0.356..0.4");
        await window.Page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "Lowest Similarity" }).PressAsync("Home");
        await window.Page.WaitForURLAsync("**s.similarity=..0.4");
    }

    [SkippableFact]
    public async Task Filters_OfEachKind_ReachTheService()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(
            fixture, stub.Address, "/?lang=de&lang=fr&licence=CC-BY-4.0&domain=museum.example.org&width=512..&height=..1500&aspect=0.9..1.1&date=2024-01-01..&has=mill&s.aesthetic=4.5..7&distinct=0&s.broken=x..y&row=-4&tab=nonsense");
        await window.WaitForCountAsync("No rows match");

        JsonNode body = stub.Last("/api/v1/search");
        Assert.Equal(
            """{"languages":["de","fr"],"licences":["CC-BY-4.0"],"domains":["museum.example.org"],"width":{"min":512},"height":{"max":1500},"aspect":{"min":0.9,"max":1.1},"date":{"from":"2024-01-01"},"text":"mill","scores":{"aesthetic":{"min":4.5,"max":7}}}""",
            body["filter"]!.ToJsonString());
        Assert.False((bool)body["distinct"]!);
        await window.WaitForTextAsync("#note", "No rows match");
        Assert.Equal(10, await window.Page.Locator("#active li").CountAsync());
        await window.Page.ClickAsync("#note button:text('Clear the filters')");
        await window.WaitForCountAsync("The first 60 rows");
    }

    [SkippableFact]
    public async Task SafeMode_IsOnAtFirstAndRemembered()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();
        string picture = $".card[data-id='{StubRows.Unsafe}'] .frame";
        Task<string> FilterAsync(string selector) => window.Page.EvaluateAsync<string>("selector => getComputedStyle(document.querySelector(selector)).filter", selector);

        Assert.Contains("blur", await FilterAsync(picture + " img"), StringComparison.Ordinal);
        Assert.Equal("none", await FilterAsync(".card[data-id='0'] .frame img"));
        await window.OpenRowAsync(StubRows.Unsafe);
        Assert.Contains("blur", await FilterAsync(".detail-picture img"), StringComparison.Ordinal);
        await window.Page.ClickAsync(".reveal");
        Assert.Equal("none", await FilterAsync(".detail-picture img"));
        await window.CloseRowAsync();
        Assert.Contains("blur", await FilterAsync(picture + " img"), StringComparison.Ordinal); // one picture was revealed, not the mode ended

        await window.Page.ClickAsync("#safe");
        Assert.Equal("none", await FilterAsync(picture + " img"));
        await window.Page.ReloadAsync();
        await window.WaitForRowsAsync();
        Assert.Equal("false", await window.Page.GetAttributeAsync("#safe", "aria-pressed"));
        Assert.Equal("none", await FilterAsync(picture + " img"));
        Assert.DoesNotContain("safe", window.Page.Url, StringComparison.Ordinal); // a link does not end another person's safe mode
    }
}

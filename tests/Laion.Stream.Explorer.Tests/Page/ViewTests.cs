using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>The views of the dataset and of the run, and what the page shows when the service does not answer.</summary>
[Collection(BrowserGroup.Name)]
public sealed class ViewTests(BrowserFixture fixture)
{
    [SkippableFact]
    public async Task Dataset_Shown_HasTheFunnelAndSamplesOfDrops()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.WaitForRowsAsync();

        await window.Page.ClickAsync("[data-tab=dataset]");
        await window.WaitForTextAsync("#view-dataset .figures", "1,284,002");
        await window.WaitForTextAsync("#view-dataset", "1,103,782 of 1,284,002");
        Assert.Contains("threshold 0.28 en", await window.Page.GetAttributeAsync("#view-dataset [aria-label^='Rows by similarity']", "aria-label"), StringComparison.Ordinal);
        await window.Page.ClickAsync("[data-reason='similarity_too_low'] summary");
        await window.WaitForTextAsync("[data-reason='similarity_too_low'] .samples", "<script>");
        await window.Page.GoBackAsync();
        await Assertions.Expect(window.Page.Locator("#view-explore")).ToBeVisibleAsync();
        Assert.NotEmpty(await window.CardsAsync());
    }

    [SkippableFact]
    public async Task Run_Shown_HasRatesAndWhatLimitsThem()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address, "/?tab=run");

        await window.WaitForTextAsync("#view-run", "What limits the run now: Download");
        await window.WaitForTextAsync("#view-run", "did not answer for 4 s");
        Assert.Equal(4, await window.Page.Locator("#view-run .plot[aria-label]").CountAsync());
        window.Expect(404, "/api/v1/run");
        stub.Faults["/api/v1/run"] = 404;
        await window.Page.ReloadAsync();
        await window.WaitForTextAsync("#view-run", "No run is recorded here");
    }

    [SkippableFact]
    public async Task Failures_AreSaidAndCanBeTriedAgain()
    {
        await using StubService stub = await StubService.StartAsync();
        stub.Faults["/api/v1/search"] = 503;
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);

        window.Expect(503, "/api/v1/search");
        window.Expect(500, "/api/v1/search");
        window.Expect(500, "/api/v1/info");
        await window.WaitForTextAsync("#note", "The index is being rebuilt.");
        stub.Faults.Clear();
        await window.Page.ClickAsync("#note button:text('Try again')");
        await window.WaitForRowsAsync();
        stub.Faults["/api/v1/search"] = 500;
        await window.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await window.WaitForTextAsync("#note", "No more rows could be read.");
        Assert.NotEmpty(await window.CardsAsync());
        stub.Faults.Clear();
        await window.Page.ClickAsync("#note button:text('Try again')");
        await window.Page.WaitForFunctionAsync("() => Number(document.querySelector('#count b').textContent.replace(/\\D/g, '')) > 60");
        stub.Faults["/api/v1/info"] = 500;
        await window.GoAsync("/");
        await window.WaitForTextAsync("#note", "The service cannot be read");
    }

    [SkippableFact]
    public async Task Waiting_ShowsPlaceholdersAndAnOlderAnswerNeverWins()
    {
        await using StubService stub = await StubService.StartAsync();
        var hold = new TaskCompletionSource();
        stub.Holds["/api/v1/search"] = hold.Task;
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);

        await window.Page.Locator(".skeleton").First.WaitForAsync();
        Assert.Equal("true", await window.Page.GetAttributeAsync("#grid", "aria-busy"));
        stub.Holds.Clear();
        await window.Page.FillAsync("#q", "mill");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.WaitForCountAsync("The nearest");
        hold.SetResult(); // the first answer comes after the second
        await window.Page.EvaluateAsync("() => fetch('/api/v1/info').then(answer => answer.text())");
        Assert.StartsWith("The nearest", await window.Page.TextContentAsync("#count"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task EmptyDataset_SaysSo()
    {
        await using StubService stub = await StubService.StartAsync(0);
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);

        await window.WaitForTextAsync("#note", "This dataset is empty");
        await window.WaitForTextAsync("#note", "as parts are committed");
    }

    [SkippableFact]
    public async Task Key_Wanted_IsAskedForOnceAndRemembered()
    {
        await using StubService stub = await StubService.StartAsync();
        stub.Key = "s3cret";
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);

        window.Expect(401, "/api/v1/");
        await window.Page.FillAsync("#key-field", "s3cret");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.WaitForRowsAsync();
        await window.Page.Locator(".card[data-id='0'] img.here").WaitForAsync(); // pictures are asked for with the key too
        await window.Page.ReloadAsync();
        await window.WaitForRowsAsync();
        Assert.False(await window.Page.EvaluateAsync<bool>("() => document.querySelector('#key').open"));
    }
}

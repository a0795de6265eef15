using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>The map of rows.</summary>
[Collection(BrowserGroup.Name)]
public sealed class MapTests(BrowserFixture fixture)
{
    [SkippableFact]
    public async Task Points_OfTheMap_AreDrawnInTheColoursOfTheLegend()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await OpenAsync(stub, "/?tab=map");

        await window.WaitForTextAsync("#map-legend", "en");
        await window.WaitForTextAsync(".map-bar", "500 rows of 96,310");
        Assert.Equal(["4477aa", "d1495b", "228833"], await ColoursAsync(window, "4477aa", "d1495b", "228833"));
        await window.Page.SelectOptionAsync("#map-colour", "s.similarity");
        await window.Page.WaitForURLAsync("**colour=s.similarity**");
        await window.WaitForTextAsync("#map-legend", "Similarity");
        Assert.Empty(await ColoursAsync(window, "d1495b", "228833"));
        await window.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await window.Page.SelectOptionAsync("#map-colour", "set");
        Assert.Equal(["7aa6d8"], await ColoursAsync(window, "7aa6d8"));
    }

    [SkippableFact]
    public async Task Point_UnderThePointer_ShowsItsRowAndOpensIt()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await OpenAsync(stub, "/?tab=map");

        await MoveAsync(window, StubRows.Markup);
        await window.WaitForTextAsync("#map-peek", "<img src=x"); // text only
        Assert.Equal(0, await window.Page.Locator("#map-peek b, #map-peek img[onerror]").CountAsync());
        await window.Page.Locator("#map-peek img.here").WaitForAsync();
        await MoveAsync(window, StubRows.Unsafe);
        await window.Page.Locator("#map-peek .blur").WaitForAsync();
        await window.Page.Mouse.DownAsync();
        await window.Page.Mouse.UpAsync();
        await window.Page.WaitForURLAsync($"**row={StubRows.Unsafe}");
        await window.Page.Locator("#detail-columns").WaitForAsync();
        await window.CloseRowAsync();
        Assert.Equal("map-points", await window.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await window.Page.GoBackAsync();
        await window.Page.Locator("#detail[open]").WaitForAsync();
        Assert.DoesNotContain("owned", await window.Page.TitleAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Lasso_AroundAHeap_SelectsItsRowsForTheExport()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await OpenAsync(stub, "/?tab=map");

        await window.Page.ClickAsync("#map-lasso");
        (float x, float y) = await PixelAsync(window, 54768, 32768); // the heap of rows that end in 0
        await DrawAsync(window, [(x - 60, y - 60), (x + 60, y - 60), (x + 60, y + 60), (x - 60, y + 60)]);
        await window.WaitForTextAsync("#selected-count", "50 selected");
        await window.Page.ClickAsync("#selected-export");
        await window.WaitForTextAsync("#export-command", "row in (0, 10, 20");
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.ClickAsync("#selected button:text('Clear')");

        // With a filter the lasso takes what is shown.
        await window.GoAsync("/?tab=map&set=en");
        await window.WaitForTextAsync("#map-passing", "of 500 points pass the filters");
        await window.Page.Keyboard.DownAsync("Shift");
        await DrawAsync(window, [(x - 60, y - 60), (x + 60, y - 60), (x + 60, y + 60), (x - 60, y + 60)]);
        await window.Page.Keyboard.UpAsync("Shift");
        int passing = StubRows.Make(500).Count(row => (int)row["id"]! % 10 == 0 && row["set"]!.ToString() == "en");
        await window.WaitForTextAsync("#selected-count", $"{passing} selected");
        await window.Page.ClickAsync("#map-filter button");
        await window.Page.WaitForFunctionAsync("() => document.querySelector('#map-filter').hidden");
    }

    [SkippableFact]
    public async Task View_ByMouseAndKeys_IsInTheAddress()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await OpenAsync(stub, "/?tab=map");
        IKeyboard keys = window.Page.Keyboard;

        await window.Page.FocusAsync("#map-points");
        await keys.PressAsync("+");
        await window.Page.WaitForURLAsync("**at=0.5000_0.5000_1.60");
        await keys.PressAsync("ArrowRight");
        await window.Page.WaitForURLAsync("**at=0.5500_0.5000_1.60");
        (float x, float y) = await PixelAsync(window, 54768, 32768, 0.55, 0.5, 1.6);
        await window.Page.Mouse.MoveAsync(x, y);
        await window.Page.Mouse.WheelAsync(0, -400);
        await window.Page.WaitForFunctionAsync("() => Number(new URLSearchParams(location.search).get('at')?.split('_')[2]) > 2.5");
        string zoomed = window.Page.Url;
        await window.Page.ReloadAsync();
        await window.Page.Locator("#map-stage[data-drawn]").WaitForAsync();
        Assert.Equal(zoomed, window.Page.Url);
        await window.Page.FocusAsync("#map-points");
        await keys.PressAsync("0");
        await window.Page.WaitForFunctionAsync("() => !location.search.includes('at=')");
        await window.Page.ClickAsync("#map-regions summary");
        await window.Page.ClickAsync("[aria-label='Show mill']");
        await window.Page.WaitForFunctionAsync("() => location.search.includes('_8.00')");
        await keys.PressAsync("x");
        await window.WaitForTextAsync("#selected-count", "selected");
        await keys.PressAsync("Enter");
        await window.Page.WaitForURLAsync("**row=*");
        await window.Page.Locator("#detail-columns").WaitForAsync();
    }

    [SkippableFact]
    public async Task Fingers_OnTheMap_MoveAndZoomIt()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await OpenAsync(stub, "/?tab=map", 390, 844);

        await window.Page.EvaluateAsync("""
            () => {
              const canvas = document.querySelector('#map-points');
              canvas.setPointerCapture = () => {}; // made events have no pointer that could be captured
              const send = (type, id, x, y) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: id, pointerType: 'touch', clientX: x, clientY: y, button: 0, bubbles: true }));
              send('pointerdown', 1, 100, 400);
              send('pointerdown', 2, 200, 400);
              for (let at = 1; at <= 10; at++) send('pointermove', 2, 200 + at * 10, 400);
              send('pointerup', 1, 100, 400);
              send('pointerup', 2, 300, 400);
            }
            """);
        await window.Page.WaitForFunctionAsync("() => location.search.endsWith('_2.00')"); // twice as far apart
    }

    [SkippableFact]
    public async Task Page_WithoutWebGl_ShowsTheRegionsAsATable()
    {
        await using StubService stub = await StubService.StartAsync();
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address);
        await window.Page.AddInitScriptAsync("const get = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind === 'webgl2' ? null : get.call(this, kind, ...rest); };");
        await window.GoAsync("/?tab=map");

        await window.WaitForTextAsync("#map-stage", "This browser draws no map");
        await window.WaitForTextAsync("#map-regions table", "script · onerror");
        await window.Page.ClickAsync("#map-regions a:text('Row 2')");
        await window.Page.Locator("#detail-columns").WaitForAsync();
        await window.CloseRowAsync();
        await window.Page.ClickAsync("[aria-label='Select mill']");
        await window.WaitForTextAsync("#selected-count", "selected");
    }

    [SkippableFact]
    public async Task Map_ThatIsNotThereOrFails_IsSaid()
    {
        await using StubService stub = await StubService.StartAsync();
        stub.HasMap = false;
        await using PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address, "/?tab=map");

        await window.WaitForTextAsync("#view-map", "There is no map yet");
        await window.WaitForTextAsync("#view-map", "laion-stream index --map landscapes");
        stub.HasMap = true;
        window.Expect(503, "/api/v1/map");
        stub.Faults["/api/v1/map"] = 503;
        await window.GoAsync("/?tab=map");
        await window.WaitForTextAsync("#view-map", "The map cannot be shown");
        stub.Faults.Clear();
        await window.Page.ClickAsync("#view-map button:text('Try again')");
        await window.Page.Locator("#map-legend").WaitForAsync();
    }

    private async Task<PageWindow> OpenAsync(StubService stub, string path, int width = 1280, int height = 800)
    {
        PageWindow window = await PageWindow.OpenAsync(fixture, stub.Address, path, width, height);
        bool hasWebGl = await window.Page.EvaluateAsync<bool>("() => document.createElement('canvas').getContext('webgl2') !== null");
        if (!hasWebGl) { await window.DisposeAsync(); }
        Skip.IfNot(hasWebGl, "this browser has no WebGL 2");
        await window.Page.Locator("#map-stage[data-drawn='500']").WaitForAsync();
        return window;
    }

    private static async Task MoveAsync(PageWindow window, int id)
    {
        (float x, float y) = await PixelAsync(window, StubMap.PlaceOf(id).X, StubMap.PlaceOf(id).Y);
        await window.Page.Mouse.MoveAsync(x + 1, y);
        await window.Page.Mouse.MoveAsync(x, y);
    }

    private static async Task DrawAsync(PageWindow window, (float X, float Y)[] corners)
    {
        await window.Page.Mouse.MoveAsync(corners[0].X, corners[0].Y);
        await window.Page.Mouse.DownAsync();
        foreach ((float x, float y) in corners[1..]) { await window.Page.Mouse.MoveAsync(x, y, new MouseMoveOptions { Steps = 3 }); }
        await window.Page.Mouse.UpAsync();
    }

    /// <summary>Where a place of the map is in the window.</summary>
    private static async Task<(float X, float Y)> PixelAsync(PageWindow window, int x, int y, double middleX = 0.5, double middleY = 0.5, double zoom = 1)
    {
        LocatorBoundingBoxResult box = (await window.Page.Locator("#map-points").BoundingBoxAsync())!;
        double pixels = Math.Min(box.Width, box.Height) * zoom;
        return ((float)(box.X + (box.Width / 2) + (((x / 65536.0) - middleX) * pixels)), (float)(box.Y + (box.Height / 2) - (((y / 65536.0) - middleY) * pixels)));
    }

    /// <summary>Those of some colours that the canvas has.</summary>
    private static async Task<string[]> ColoursAsync(PageWindow window, params string[] colours)
    {
        await window.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        string picture = Convert.ToBase64String(await window.Page.Locator("#map-points").ScreenshotAsync());
        return await window.Page.EvaluateAsync<string[]>("""
            async ([picture, colours]) => {
              const image = new Image();
              image.src = 'data:image/png;base64,' + picture;
              await image.decode();
              const canvas = new OffscreenCanvas(image.width, image.height);
              const pen = canvas.getContext('2d');
              pen.drawImage(image, 0, 0);
              // The legend lies over the left lower corner: it does not count. Points are a little transparent: near is enough.
              const { data, width, height } = pen.getImageData(260, 60, image.width - 320, image.height - 120);
              const wanted = colours.map(colour => [0, 2, 4].map(at => parseInt(colour.slice(at, at + 2), 16)));
              const found = new Set();
              for (let at = 0; at < width * height; at++) {
                wanted.forEach((one, place) => { if ([0, 1, 2].every(channel => Math.abs(data[at * 4 + channel] - one[channel]) < 44)) found.add(place); });
              }
              return colours.filter((_, place) => found.has(place));
            }
            """, new object[] { picture, colours });
    }
}

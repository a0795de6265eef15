using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>A window that shows the page of a service. Errors on its console, exceptions and breaches of the content policy fail its test.</summary>
internal sealed class PageWindow : IAsyncDisposable
{
    private readonly List<string> _errors = [];
    private readonly List<(int Status, string Path)> _expected = [];
    private readonly IBrowserContext _context;

    private PageWindow(IBrowserContext context, IPage page, string address) => (_context, Page, Address) = (context, page, address);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Where the service listens.</summary>
    public string Address { get; }

    /// <summary>Whether the page is not ours: what it writes on the console, of its own missing files and of its libraries, then fails no test.</summary>
    public bool IsForeign { get; set; }

    /// <summary>Opens a window.</summary>
    /// <param name="fixture">Has the browser; without one the test is skipped.</param>
    /// <param name="address">Where the service listens.</param>
    /// <param name="path">Path and query of the page.</param>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="height">Height of the window in pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    public static async Task<PageWindow> OpenAsync(BrowserFixture fixture, string address, string path = "/", int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        Skip.If(fixture.Browser is null, fixture.Why);
        IBrowserContext context = await fixture.Browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            AcceptDownloads = true,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(30_000);
        var window = new PageWindow(context, await context.NewPageAsync(), address.TrimEnd('/'));
        window.Watch();
        await window.GoAsync(path);
        return window;
    }

    /// <summary>Opens an address of the page.</summary>
    public Task GoAsync(string path) => Page.GotoAsync(Address + path, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });

    /// <summary>Waits until the grid shows what it was asked for, and the service was asked for it.</summary>
    public Task WaitForRowsAsync() => Page.WaitForFunctionAsync("() => document.querySelector('#grid').getAttribute('aria-busy') === 'false' && document.querySelectorAll('.card').length > 0");

    /// <summary>Waits until an element has a text.</summary>
    public Task WaitForTextAsync(string selector, string text) => Assertions.Expect(Page.Locator(selector).First).ToContainTextAsync(text, new LocatorAssertionsToContainTextOptions { Timeout = 30_000 });

    /// <summary>Waits until the count begins with a text.</summary>
    public Task WaitForCountAsync(string text) => WaitForTextAsync("#count", text);

    /// <summary>The ids of the cards in the document, in their order.</summary>
    public Task<int[]> CardsAsync() => Page.EvaluateAsync<int[]>("() => [...document.querySelectorAll('.card')].map(card => Number(card.dataset.id))");

    /// <summary>Opens a row's details and waits for them.</summary>
    public async Task OpenRowAsync(int id)
    {
        await Page.Locator($".card[data-id='{id}'] .frame a").ClickAsync();
        await Page.Locator("#detail-columns").WaitForAsync();
    }

    /// <summary>Closes a row's details by Escape and waits until the address names no row: a dialog closes before the page gets its close event.</summary>
    public async Task CloseRowAsync()
    {
        await Page.Keyboard.PressAsync("Escape");
        await Page.WaitForFunctionAsync("() => !document.querySelector('#detail').open && !new URLSearchParams(location.search).has('row')");
    }

    /// <summary>Allows answers that a test causes on purpose, which browsers write on their console.</summary>
    /// <param name="status">Status of the answers.</param>
    /// <param name="path">Path of the requests.</param>
    public void Expect(int status, string path) => _expected.Add((status, path));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        if (IsForeign) { return; }

        string[] errors;
        lock (_errors) { errors = [.. _errors.Where(error => !_expected.Exists(one => IsAnswer(error, one.Status, one.Path)))]; }
        Assert.True(errors.Length == 0, string.Join(Environment.NewLine, errors));
    }

    private static bool IsAnswer(string error, int status, string path) =>
        error.Contains($"status of {status} ", StringComparison.Ordinal) && error.Contains(path, StringComparison.Ordinal);

    private void Watch()
    {
        Page.PageError += (_, error) => Add("exception: " + error);
        Page.Console += (_, message) =>
        {
            // A picture that is gone is answered with 404, which browsers write on their console whatever the page does.
            bool isGonePicture = message.Location.Contains("/thumbnail", StringComparison.Ordinal) && message.Text.Contains("404", StringComparison.Ordinal);
            // Drivers of graphics complain of slow reads, which a screenshot is.
            bool isDriver = message.Text.Contains("GL Driver Message", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !isGonePicture && !isDriver) { Add($"{message.Type}: {message.Text} ({message.Location})"); }
        };
    }

    private void Add(string error)
    {
        lock (_errors) { _errors.Add(error); }
    }
}

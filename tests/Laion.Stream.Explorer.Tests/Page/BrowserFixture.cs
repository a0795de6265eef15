using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>One Chromium for all tests of the page; each test opens windows of its own in it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>Debian's browser: Playwright's own would have to be downloaded.</summary>
    public const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;

    /// <summary>The browser; null when there is none, and <see cref="Why"/> says why.</summary>
    public IBrowser? Browser { get; private set; }

    /// <summary>Why there is no browser.</summary>
    public string Why { get; private set; } = "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            Why = $"{Chromium} is not installed (Debian's package chromium)";
            return;
        }

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Headless = true, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader"], Timeout = 120_000 });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Browser is not null) { await Browser.DisposeAsync(); }
        _playwright?.Dispose();
    }
}

using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>Makes the pictures of <c>docs/explorer</c>, when asked to.</summary>
[Collection(BrowserGroup.Name)]
public sealed class Screenshots(BrowserFixture fixture)
{
    private static readonly (string Name, string Path, int Width, int Height, ColorScheme Scheme)[] Views =
    [
        ("grid-1920-light", "/", 1920, 1080, ColorScheme.Light),
        ("search-1024-dark", "/?q=text:harbour+at+dusk&q=-0.5*text:snow&set=en&s.similarity=0.3..", 1024, 768, ColorScheme.Dark),
        ("grid-390-light", "/?q=text:harbour", 390, 844, ColorScheme.Light),
        ("detail-1024-light", "/?row=21", 1024, 768, ColorScheme.Light),
        ("detail-390-dark", "/?row=21", 390, 844, ColorScheme.Dark),
        ("map-1920-light", "/?tab=map&colour=language", 1920, 1080, ColorScheme.Light),
        ("map-1024-dark", "/?tab=map&colour=s.similarity", 1024, 768, ColorScheme.Dark),
        ("map-390-light", "/?tab=map&colour=language", 390, 844, ColorScheme.Light),
        ("dataset-1920-dark", "/?tab=dataset", 1920, 1080, ColorScheme.Dark),
        ("run-1024-light", "/?tab=run", 1024, 768, ColorScheme.Light),
    ];

    [SkippableFact]
    public async Task Views_InSeveralWindows_AreWrittenToTheDocs()
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("LAION_WRITE_DOCS") == "1", "LAION_WRITE_DOCS=1 writes the documents");
        await using StubService few = await StubService.StartAsync();
        await using StubService many = await StubService.StartAsync(6000);
        foreach ((string name, string path, int width, int height, ColorScheme scheme) in Views)
        {
            await using PageWindow window = await PageWindow.OpenAsync(fixture, path.Contains("map", StringComparison.Ordinal) ? many.Address : few.Address, path, width, height, scheme);
            await window.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            byte[] picture = await window.Page.ScreenshotAsync(new PageScreenshotOptions { Type = ScreenshotType.Jpeg, Quality = 82 });
            await File.WriteAllBytesAsync(Path.Combine(Folder(), name + ".jpg"), picture);
        }
    }

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "explorer")).FullName;
}

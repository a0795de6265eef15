namespace LaionStream.Explorer.Tests.Page;

/// <summary>The tests of the page share a browser and run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserGroup : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}

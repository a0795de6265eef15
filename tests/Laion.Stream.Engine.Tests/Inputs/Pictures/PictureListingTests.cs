using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Inputs.Pictures;

/// <summary>The list that stands for a folder of pictures.</summary>
public sealed class PictureListingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Update_Folder_ListsPicturesInStableOrder()
    {
        foreach (string name in new[] { "b.jpg", "a/2.PNG", "a/10.webp", "c.jpg", "a.txt", "a.json", ".hidden.jpg", "x.tar", "B.gif" }) { Touch(name); }

        Assert.Equal(["B.gif", "a/10.webp", "a/2.PNG", "b.jpg", "c.jpg"], Listed(Update(_folder.At("in"))));
    }

    [Theory]
    [InlineData("in/*.jpg", "a/1.jpg b.jpg")]
    [InlineData("in/a/*", "a/1.jpg a/2.png")]
    [InlineData("in/?.jpg", "b.jpg")]
    [InlineData("in/b.jpg", "b.jpg")]
    [InlineData("in/odd.dat", "odd.dat")]
    public void Update_GlobOrFile_ListsWhatMatches(string path, string expected)
    {
        foreach (string name in new[] { "b.jpg", "a/1.jpg", "a/2.png", "a/1.txt", "odd.dat" }) { Touch(name); }

        Assert.Equal(expected.Split(' '), Listed(Update(_folder.At(path))));
    }

    [Fact]
    public void Update_FolderGainsAndLosesPictures_AppendsAndKeeps()
    {
        foreach (string name in new[] { "b.jpg", "d.jpg" }) { Touch(name); }
        string list = Update(_folder.At("in"));
        byte[] first = File.ReadAllBytes(list);
        DateTime written = File.GetLastWriteTimeUtc(list);
        Assert.Equal(list, Update(_folder.At("in")));
        Assert.Equal(first, File.ReadAllBytes(list));
        Assert.Equal(written, File.GetLastWriteTimeUtc(list));

        Touch("a.jpg");
        File.Delete(_folder.At("in", "b.jpg"));
        Update(_folder.At("in"));

        Assert.Equal(["b.jpg", "d.jpg", "a.jpg"], Listed(list));
        Assert.True(File.ReadAllBytes(list).AsSpan().StartsWith(first));
    }

    [Theory]
    [InlineData("\"/half a li")]
    [InlineData("\"")]
    public void Update_LineLeftIncompleteByACrash_IsRemoved(string rest)
    {
        Touch("b.jpg");
        string list = Update(_folder.At("in"));
        File.AppendAllText(list, rest);
        Touch("c.jpg");

        Update(_folder.At("in"));

        Assert.Equal(["b.jpg", "c.jpg"], Listed(list));
    }

    [Fact]
    public void Update_StrangeNames_SurviveTheRoundTrip()
    {
        string[] names = ["a\nb.jpg", "q\"uote\\.jpg", "日本 %20#?.jpg", "\u202Ex.jpg"];
        foreach (string name in names) { Touch(name); }

        Assert.Equal(names.Order(StringComparer.Ordinal), Listed(Update(_folder.At("in"))));
        Assert.Equal("file:///p/%E6%97%A5%E6%9C%AC%20%2520%23%3F.jpg", FileUrl.Of("/p/日本 %20#?.jpg"));
        Assert.Equal("/p/日本 %20#?.jpg", FileUrl.PathOf(FileUrl.Of("/p/日本 %20#?.jpg")));
    }

    [Fact]
    public void Update_LinksInACircle_EachPictureOnce()
    {
        Touch("a/1.jpg");
        Directory.CreateSymbolicLink(_folder.At("in", "a", "loop"), _folder.At("in"));
        Directory.CreateDirectory(_folder.At("elsewhere"));
        File.WriteAllText(_folder.At("elsewhere", "2.jpg"), "x");
        Directory.CreateSymbolicLink(_folder.At("in", "other"), _folder.At("elsewhere"));
        Directory.CreateSymbolicLink(_folder.At("in", "again"), _folder.At("elsewhere"));
        Directory.CreateSymbolicLink(_folder.At("in", "gone"), _folder.At("nowhere"));

        Assert.Equal(["a/1.jpg", "again/2.jpg"], Listed(Update(_folder.At("in"))));
    }

    [Fact]
    public void Update_NoPictures_RefusesAndLeavesNothing()
    {
        Touch("notes.txt");

        Assert.Throws<InputException>(() => Update(_folder.At("in")));
        Assert.Throws<InputException>(() => Update(_folder.At("in", "*.jpg")));
        Assert.Throws<InputException>(() => Update(_folder.At("nowhere")));
        Assert.False(Directory.Exists(_folder.At("state")));
    }

    private string Update(string path) => new PictureListing(_folder.At("state"), new LocalDisk(), new FoundOutputs(null)).Update(path, CancellationToken.None);

    private string[] Listed(string list) =>
        [.. File.ReadAllLines(list).Select(line => Path.GetRelativePath(_folder.At("in"), PictureListing.PathIn(line)!))];

    private void Touch(string name)
    {
        string path = _folder.At("in", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
    }
}

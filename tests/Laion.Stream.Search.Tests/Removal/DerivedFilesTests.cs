using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;
using LaionStream.Search.Removal;
using LaionStream.Search.Rows;

namespace LaionStream.Search.Tests.Removal;

public sealed class DerivedFilesTests
{
    [Fact]
    public async Task DeleteOfGoneParts_PartThatWasReplaced_LosesItsRowFile()
    {
        using var output = new QueriedOutput();
        output.Add("en", 5, QueriedOutput.Columns);
        output.Add("en", 7, QueriedOutput.Columns);
        using (RowStore store = RowStore.Open(output.Root)) { await store.RefreshAsync(CancellationToken.None); }
        string[] Files() => [.. Directory.EnumerateFiles(Path.Combine(output.Root, "index", "rows"), "*.rows")];
        Assert.Equal(2, Files().Length);
        Assert.Equal(0, DerivedFiles.DeleteOfGoneParts(output.Root));

        string manifest = Path.Combine(output.Root, "state", "manifest.jsonl");
        OutputPart old = OutputFolder.Parts(output.Root).First();
        ManifestEntry empty = old.Entry with { Commit = 9, Rows = 0, Files = [], Replaces = old.Entry.Commit, Removal = new ManifestRemoval("x", 5, new Dictionary<int, string>(), []) };
        await File.AppendAllTextAsync(manifest, System.Text.Encoding.UTF8.GetString(empty.ToLine()) + "\n");

        Assert.Equal(1, DerivedFiles.DeleteOfGoneParts(output.Root));
        Assert.Single(Files());
        Assert.Equal(0, DerivedFiles.DeleteOfGoneParts(output.Root));
    }
}

using LaionStream.Explorer.Data;
using LaionStream.Explorer.Queries;
using LaionStream.Search.Rows;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Queries;

public sealed class PictureCopiesTests
{
    /// <summary>Six rows of three pictures: as many may be kept, or none is folded.</summary>
    [Theory]
    [InlineData(6, 3)]
    [InlineData(5, 6)]
    public async Task Fold_MoreRowsThanMayBeKept_FoldsNone(int most, long left)
    {
        using var world = new TempFolder();
        var output = new MadeOutput(world.At("out"));
        await output.AddPartAsync("en", [.. Enumerable.Range(0, 6).Select(i => MadeOutput.Row(i) with { Picture = MadeOutput.Row(i % 3).Picture })]);
        using var store = RowStore.Open(output.Folder);
        await store.RefreshAsync(CancellationToken.None);
        using RowSnapshot rows = store.Acquire();
        var mask = RowMask.Of(rows, span => new RowFilter(null, hidesUnsafe: false).Bits(span.File, "out"));

        Assert.Equal(left, PictureCopies.Of(rows, most).Fold(mask, rows).Rows.Count);
    }
}

using LaionStream.Search.Rows;

namespace LaionStream.Search.Tests.Rows;

public sealed class RowIdsTests
{
    [Fact]
    public void Check_AFolderWithMoreRowsThanNumbers_IsRefused()
    {
        RowIds.Check("/data/out", RowIds.Each);

        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => RowIds.Check("/data/out", RowIds.Each + 1));
        Assert.StartsWith("'/data/out' has rows up to number 10000000000,", thrown.Message, StringComparison.Ordinal);
    }
}

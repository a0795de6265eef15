using LaionStream.Search.Rows;

namespace LaionStream.Search.Tests.Rows;

public sealed class RowIdsTests
{
    [Fact]
    public void Check_AFolderWithMoreRowsThanNumbers_IsRefused()
    {
        RowIds.Check(1, RowIds.Each);

        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => RowIds.Check(1, RowIds.Each + 1));
        Assert.Contains("at place 2", thrown.Message, StringComparison.Ordinal);
    }
}

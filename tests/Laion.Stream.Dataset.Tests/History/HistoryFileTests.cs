using LaionStream.Dataset.History;
using LaionStream.TestWorld;

namespace LaionStream.Dataset.Tests.History;

public sealed class HistoryFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder.At("history.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_Points_AreReadInOrder()
    {
        foreach (int i in Enumerable.Range(0, 3)) { HistoryFile.Append(FilePath, Point(i)); }

        Assert.Equal([0L, 1L, 2L], HistoryFile.Read(FilePath).Select(point => point.Links));
        Assert.Equal(2, HistoryFile.Read(FilePath)[2].Dropped["timeout"]);
    }

    [Fact]
    public void Append_AfterATornLine_LosesOnlyThatLine()
    {
        HistoryFile.Append(FilePath, Point(0));
        File.AppendAllText(FilePath, "{\"at\":\"2026-");
        HistoryFile.Append(FilePath, Point(1));

        Assert.Equal([0L, 1L], HistoryFile.Read(FilePath).Select(point => point.Links));
    }

    [Fact]
    public void Thin_ALongFile_KeepsTheRecentLinesAndEverySecondOfTheOthers()
    {
        foreach (int i in Enumerable.Range(0, 10)) { HistoryFile.Append(FilePath, Point(i)); }

        HistoryFile.Thin(FilePath, most: 11, recent: 4);
        Assert.Equal(10, HistoryFile.Read(FilePath).Count);
        HistoryFile.Thin(FilePath, most: 10, recent: 4);

        Assert.Equal([0L, 2L, 4L, 6L, 7L, 8L, 9L], HistoryFile.Read(FilePath).Select(point => point.Links));
    }

    [Fact]
    public void Read_NoFile_IsNoPoints() => Assert.Empty(HistoryFile.Read(_folder.At("nothing")));

    private static HistoryPoint Point(int i) => new()
    {
        At = DateTimeOffset.UnixEpoch.AddMinutes(i),
        Session = DateTimeOffset.UnixEpoch,
        Links = i,
        Kept = 0,
        Dropped = new Dictionary<string, long> { ["timeout"] = i },
        Fetched = 0,
        Bytes = 0,
        LatencyP50 = 0,
        LatencyP99 = 0,
        CpuSeconds = 0,
        MemoryBytes = 0,
        Bottleneck = "input",
    };
}

using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Inputs;

public sealed class InputProgressTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly InputProgress _progress = new();

    [Fact]
    public void Read_LocalFiles_CountsBytesOfBytes()
    {
        InputFile[] files = [Local(0, 100), Local(1, 300)];
        _progress.Expect(files, _ => null, done: []);
        Assert.Equal(new InputBytes(0, 0, 400, 2, 0), _progress.Read());

        var health = new InputHealth();
        _progress.Begin(files[0], health);
        health.Bytes = 60;
        Assert.Equal(0.15, _progress.Read().Share!.Value, 1e-9);

        _progress.End(files[0], isWhole: true); // what the reader stepped over counts too
        Assert.Equal(100, _progress.Read().Taken);
        Assert.Equal(300, _progress.Read().Left);
    }

    [Fact]
    public void Read_ReaderThatReadsAFileTwice_NeverCountsMoreThanItHas()
    {
        InputFile file = Local(0, 100);
        _progress.Expect([file], _ => null, []);
        _progress.Begin(file, new InputHealth { Bytes = 190 });

        Assert.Equal(new InputBytes(100, 100, 100, 1, 0), _progress.Read());
    }

    [Fact]
    public void Read_RemoteFiles_AreEstimatedFromTheMeanOfThoseOpened()
    {
        InputFile[] files = [.. Enumerable.Range(0, 4).Select(number => new InputFile(number, $"https://h.example/{number}.wat.gz"))];
        _progress.Expect(files, number => number == 3 ? 1000 : null, []);
        var health = new InputHealth { Version = new RemoteVersion(null, null, 3000), Bytes = 1500 };
        _progress.Begin(files[0], health);

        InputBytes now = _progress.Read();

        Assert.Equal(new InputBytes(1500, 1500, 4000, 2, 2), now);
        Assert.True(now.IsEstimate);
        Assert.Equal(8000, now.Total);
    }

    [Fact]
    public void Read_NoSizeKnown_TellsNoShare()
    {
        _progress.Expect([new InputFile(0, "https://h.example/a.wat.gz")], _ => null, []);
        _progress.Begin(new InputFile(0, "https://h.example/a.wat.gz"), new InputHealth { Bytes = 77 });

        Assert.Null(_progress.Read().Share);
        Assert.Equal(77, _progress.Read().Read);
    }

    [Fact]
    public void Read_FilesOfEarlierSessions_CountAsTakenAndNotAsRead()
    {
        _progress.Expect([Local(1, 100)], _ => null, done: [300]);

        Assert.Equal(new InputBytes(0, 300, 400, 2, 0), _progress.Read());
        Assert.Equal(0.75, _progress.Read().Share);
    }

    [Fact]
    public void End_FileGivenBackAndReadAgain_CountsItsPlaceOnceAndItsBytesTwice()
    {
        InputFile file = Local(0, 100);
        _progress.Expect([file], _ => null, []);
        _progress.Begin(file, new InputHealth { Bytes = 40 });
        _progress.End(file, isWhole: false);
        Assert.Equal((40, 40), (_progress.Read().Read, _progress.Read().Taken));

        _progress.Begin(file, new InputHealth { Bytes = 100 });
        _progress.End(file, isWhole: true);

        Assert.Equal((140, 100), (_progress.Read().Read, _progress.Read().Taken));
    }

    public void Dispose() => _folder.Dispose();

    private InputFile Local(int number, int bytes)
    {
        string path = _folder.At($"{number}.wat");
        File.WriteAllBytes(path, new byte[bytes]);
        return new InputFile(number, path);
    }
}

using System.Globalization;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>A part file being written under its temp name.</summary>
internal sealed class OpenPart : IDisposable
{
    private readonly RunState _state;
    private readonly Stream _file;
    private readonly string _set;
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly long _opened;

    private OpenPart(RunState state, string set, string path, TimeProvider clock, Stream file)
    {
        (_state, _set, _path, _clock, _file) = (state, set, path, clock, file);
        _opened = clock.GetTimestamp();
        Output = new DigestStream(file);
    }

    /// <summary>Where the file's bytes go.</summary>
    public DigestStream Output { get; }

    /// <summary>The rows inside.</summary>
    public List<RowKey> Rows { get; } = [];

    /// <summary>Time since it was opened; not moved by changes of the wall clock.</summary>
    public TimeSpan Age => _clock.GetElapsedTime(_opened);

    /// <summary>Opens a set's next part.</summary>
    public static OpenPart Create(RunState state, string set, TimeProvider clock)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{set}/part-{state.TakePart(set):D5}.parquet");
        return new OpenPart(state, set, path, clock, state.CreateTemp(path));
    }

    /// <summary>The writer is done with <see cref="Output"/>: flushes the file to the disk, closes it and commits its rows.</summary>
    public async ValueTask CommitAsync()
    {
        _state.FlushTemp(_file);
        var pending = new PendingFile(TempNames.Of(_path), _path, Output.Length, Output.FinishDigest());
        await _file.DisposeAsync();
        await _state.CommitAsync(_set, [pending], Rows);
    }

    /// <summary>Gives the file up and deletes it.</summary>
    public async ValueTask DeleteAsync()
    {
        await _file.DisposeAsync();
        _state.DeleteTemp(_path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        Output.Dispose();
    }
}

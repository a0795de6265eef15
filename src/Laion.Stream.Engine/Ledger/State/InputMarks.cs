using System.Text.Json;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>The marks of an output's input files. Thread-safe.</summary>
internal sealed class InputMarks : IDisposable
{
    private readonly Dictionary<int, InputMark> _marks = [];
    private readonly Lock _gate = new();
    private readonly LineFile _file;

    /// <summary>Opens the marks of an output. An output without marks gets them as its files are read.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    public InputMarks(IDisk disk, string stateFolder) => _file = LineFile.Open(disk, Path.Combine(stateFolder, "marks.jsonl"), 0, line =>
    {
        if (Parse(line.Span) is not { } mark) { return false; }
        _marks[mark.File] = mark;
        return true;
    });

    /// <summary>A file's mark, or null when it has none.</summary>
    public InputMark? Find(int file)
    {
        lock (_gate) { return _marks.GetValueOrDefault(file); }
    }

    /// <summary>Sets a file's mark, durably.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public void Set(InputMark mark)
    {
        lock (_gate)
        {
            _file.Append([.. JsonSerializer.SerializeToUtf8Bytes(mark, CheckpointJson.Default.InputMark), (byte)'\n']);
            _marks[mark.File] = mark;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static InputMark? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CheckpointJson.Default.InputMark);
        }
        catch (JsonException)
        {
            return null; // the caller decides whether an invalid line is acceptable at this position
        }
    }
}

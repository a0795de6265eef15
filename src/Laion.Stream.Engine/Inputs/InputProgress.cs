using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs;

/// <summary>Counts how many bytes of a run's inputs are read, and of how many. Thread-safe.</summary>
internal sealed class InputProgress
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _sizes = []; // of files that are to be read
    private readonly Dictionary<int, long> _places = []; // where a file was left that was not read to its end
    private readonly Dictionary<int, InputHealth> _open = [];
    private long _earlier;
    private int _earlierFiles;
    private int _files;
    private long _read;
    private long _finished;

    /// <summary>Names the files of the session. Local ones are looked up; of a remote one the size is what is recorded, or what its server says later.</summary>
    /// <param name="files">The files to read.</param>
    /// <param name="recorded">A file's size as an earlier session saw it; null when it is not known.</param>
    /// <param name="done">Sizes of the files that earlier sessions finished.</param>
    public void Expect(IReadOnlyList<InputFile> files, Func<int, long?> recorded, IEnumerable<long> done)
    {
        lock (_gate)
        {
            _files = files.Count;
            foreach (InputFile file in files)
            {
                var local = new FileInfo(file.Location);
                if (local.Exists) { _sizes[file.Number] = local.Length; }
                else if (recorded(file.Number) is { } size) { _sizes[file.Number] = size; }
            }

            foreach (long size in done)
            {
                _earlier += size;
                _earlierFiles++;
            }
        }
    }

    /// <summary>A file is about to be read; its reader counts the bytes.</summary>
    public void Begin(InputFile file, InputHealth health)
    {
        lock (_gate)
        {
            _places.Remove(file.Number);
            _open[file.Number] = health;
        }
    }

    /// <summary>A file is not read any more.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isWhole">Whether it was read to its end.</param>
    public void End(InputFile file, bool isWhole)
    {
        lock (_gate)
        {
            if (!_open.Remove(file.Number, out InputHealth? health)) { return; }

            long read = ReadOf(file.Number, health);
            _read += read;
            if (!isWhole)
            {
                _places[file.Number] = read;
                return;
            }

            // What a reader steps over, such as the rest after the last record, counts as read.
            if (!_sizes.TryGetValue(file.Number, out long size)) { _sizes[file.Number] = size = health.Bytes; }
            _finished += size;
        }
    }

    /// <summary>The counts now.</summary>
    public InputBytes Read()
    {
        lock (_gate)
        {
            long open = 0;
            foreach ((int number, InputHealth health) in _open)
            {
                if (health.Version?.Length is { } length) { _sizes.TryAdd(number, length); }
                open += ReadOf(number, health);
            }

            int known = _sizes.Count;
            return new InputBytes(_read + open, _earlier + _finished + _places.Values.Sum() + open, _earlier + _sizes.Values.Sum(), _earlierFiles + known,
                Math.Max(0, _files - known));
        }
    }

    private long ReadOf(int number, InputHealth health) => _sizes.TryGetValue(number, out long size) ? Math.Min(size, health.Bytes) : health.Bytes;
}

using LaionStream.Engine.Ledger.Format;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger;

/// <summary>A disk that counts its steps and fails at a given one; from then on nothing is written to it.</summary>
internal sealed class FaultDisk(int fatalStep, FaultMode mode) : IDisk
{
    private readonly Dictionary<string, long> _flushed = new(StringComparer.Ordinal);
    private readonly List<(string From, string To, byte[]? Replaced)> _renamed = [];
    private readonly HashSet<string> _unnamed = new(StringComparer.Ordinal); // new files whose folder was not flushed since
    private readonly Lock _gate = new();
    private bool _dead;
    private bool _hasRoom = true;

    private int FatalStep => fatalStep;

    private bool FillsUp => mode == FaultMode.Full;

    private bool IsFull => FillsUp && Steps >= fatalStep;

    public int Steps { get; private set; }

    /// <summary>A disk that never fails.</summary>
    public static FaultDisk Immortal() => new(int.MaxValue, FaultMode.Before);

    /// <summary>The steps that a session takes which nothing disturbs, in a folder of its own.</summary>
    public static async Task<int> StepsOfAsync(Func<TempFolder, FaultDisk, Task> session)
    {
        using var folder = TempFolder.InMemory();
        FaultDisk disk = Immortal();
        await session(folder, disk);
        return disk.Steps;
    }

    public Stream Create(string path)
    {
        lock (_gate)
        {
            Step(() => { });
            _flushed[path] = 0;
            _unnamed.Add(path);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new Counted(this, path, isTemp: true, new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 0));
    }

    public Stream Append(string path)
    {
        lock (_gate)
        {
            if (_dead) { throw new Crash(); }
            if (!File.Exists(path)) { _unnamed.Add(path); }
            _flushed.TryAdd(path, File.Exists(path) ? new FileInfo(path).Length : 0);
        }

        return new Counted(this, path, isTemp: false, new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0));
    }

    public void Flush(Stream stream) => Step(() =>
    {
        var counted = (Counted)stream;
        counted.Inner.Flush(flushToDisk: false);
        _flushed[counted.Path] = counted.Inner.Length;
    });

    public void FlushFiles(string folder) => Step(() =>
    {
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            _flushed[path] = new FileInfo(path).Length;
            _unnamed.Remove(path);
        }
    });

    public void Rename(string from, string to) => Step(() =>
    {
        byte[]? replaced = File.Exists(to) ? File.ReadAllBytes(to) : null;
        Move(from, to);
        _renamed.Add((from, to, replaced));
    });

    public void Delete(string path) => Step(() =>
    {
        if (Directory.Exists(path)) { Directory.Delete(path, recursive: true); } else { File.Delete(path); }
    });

    public void Truncate(string path, long length) => Step(() =>
    {
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { file.SetLength(length); }
        _flushed[path] = length;
    });

    public void FlushFolder(string path) => Step(() =>
    {
        // There is no real fsync here: its effect is simulated, and the tests stay fast.
        _renamed.RemoveAll(pair => Path.GetDirectoryName(pair.To) == path);
        _unnamed.RemoveWhere(file => Path.GetDirectoryName(file) == path);
    });

    /// <summary>Renames a file or a folder, and what is known of it and of what is in it.</summary>
    private void Move(string from, string to)
    {
        if (Directory.Exists(from)) { Directory.Move(from, to); } else { File.Move(from, to, overwrite: true); }
        foreach (string path in _flushed.Keys.Concat(_unnamed).Where(path => path == from || path.StartsWith(from + "/", StringComparison.Ordinal)).Distinct()
            .ToArray())
        {
            string now = to + path[from.Length..];
            if (_flushed.Remove(path, out long length)) { _flushed[now] = length; }
            if (path != from && _unnamed.Remove(path)) { _unnamed.Add(now); }
        }
    }

    private void Step(Action effect)
    {
        lock (_gate)
        {
            if (_dead) { throw new Crash(); }
            bool fatal = ++Steps == FatalStep;
            if (mode == FaultMode.Full)
            {
                effect();
                return;
            }

            if (!fatal || mode == FaultMode.Torn) { effect(); }
            if (fatal) { Die(); }
        }
    }

    private bool TakeLastRoom()
    {
        bool had = _hasRoom;
        _hasRoom = false;
        return had;
    }

    private void Die()
    {
        _dead = true;
        if (mode == FaultMode.PowerLoss)
        {
            for (int i = _renamed.Count - 1; i >= 0; i--)
            {
                Move(_renamed[i].To, _renamed[i].From);
                if (_renamed[i].Replaced is { } bytes) { File.WriteAllBytes(_renamed[i].To, bytes); }
            }

            foreach ((string path, long length) in _flushed)
            {
                if (!File.Exists(path)) { continue; }
                using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                if (file.Length > length) { file.SetLength(length); }
            }

            foreach (string path in _unnamed) { File.Delete(path); }
        }

        throw new Crash();
    }

    private sealed class Counted(FaultDisk disk, string path, bool isTemp, FileStream inner) : Stream
    {
        private int _writes;

        public FileStream Inner => inner;

        public string Path => path;

        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (disk.IsFull)
            {
                inner.Write(buffer[..(disk.TakeLastRoom() ? buffer.Length / 2 : 0)]);
                throw new IOException("No space left on device");
            }

            if (isTemp && _writes++ % 24 != 0 && !disk._dead)
            {
                inner.Write(buffer); // all pages of a temp file are alike: only some of them are steps
                return;
            }

            byte[] bytes = buffer.ToArray();
            lock (disk._gate)
            {
                bool torn = disk.Steps + 1 == disk.FatalStep && !disk.FillsUp;
                disk.Step(() => inner.Write(bytes, 0, torn ? bytes.Length / 2 : bytes.Length));
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) { inner.Dispose(); }
            base.Dispose(disposing);
        }
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>
/// One decoding process, seen from the run: a picture goes in, an answer comes out, or the process ends. Not safe for concurrent use; calls block.
/// </summary>
internal sealed class DecodeChild : IDisposable
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    private static readonly ChildLimits StartLimits = new(TimeSpan.FromMinutes(1), 2L << 30);

    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly ChildWatch _watch;
    private readonly ChildSetup _setup;
    private readonly Stream _to;
    private readonly Stream _from;
    private bool _working;
    private string? _killedFor;
    private long _began;
    private ChildLimits _limits;
    private long _memoryBefore;

    private DecodeChild(Process process, ChildWatch watch, ChildSetup setup)
    {
        (_process, _watch, _setup) = (process, watch, setup);
        _to = process.StandardInput.BaseStream;
        _from = new BufferedStream(process.StandardOutput.BaseStream, 1 << 16);
    }

    /// <summary>Number of pictures that it was given.</summary>
    public int Pictures { get; private set; }

    /// <summary>Whether the kernel prevents it from opening sockets.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Its physical memory in bytes.</summary>
    public long Held => ChildLimits.HeldBy(_process);

    /// <summary>Starts a process and waits until it is ready.</summary>
    /// <exception cref="ChildDiedException">It ended, or was not ready in time.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The system does not start one.</exception>
    public static DecodeChild Start(ProcessStartInfo command, ChildWatch watch, ChildSetup setup)
    {
        var child = new DecodeChild(Process.Start(command)!, watch, setup);
        try
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(setup, ChildJson.Default.ChildSetup);
            child.IsClosed = child.Work(StartLimits, Greet, CancellationToken.None);
            return child;

            bool Greet()
            {
                child._to.Write(BitConverter.GetBytes(json.Length));
                child._to.Write(json);
                child._to.Flush();
                return child._from.ReadByte() == ChildFrames.Ready ? child._from.ReadByte() == 1 : throw new InvalidDataException("It is not ready.");
            }
        }
        catch (Exception)
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Sends it a file, and returns its answer for the header.</summary>
    /// <exception cref="ChildDiedException">It ended instead.</exception>
    /// <exception cref="OperationCanceledException">It was ended because of the abort.</exception>
    public ChildAnswer Judge(ReadOnlyMemory<byte> body, CancellationToken abort)
    {
        Pictures++;
        return Work(ChildLimits.OfHeader(_setup.Options, body.Length), Ask, abort);

        ChildAnswer Ask()
        {
            ChildFrames.Write(_to, ChildFrames.Picture, body.Length);
            _to.Write(body.Span);
            _to.Flush();
            return ReadAnswer(ChildFrames.Needs);
        }
    }

    /// <summary>Makes it decode the file whose header it has judged.</summary>
    /// <param name="bodyBytes">Size of the file.</param>
    /// <param name="pixelBytes">Memory reserved for it.</param>
    /// <param name="abort">Ends it.</param>
    /// <exception cref="ChildDiedException">It ended instead.</exception>
    /// <exception cref="OperationCanceledException">It was ended because of the abort.</exception>
    public ChildAnswer Prepare(int bodyBytes, long pixelBytes, CancellationToken abort)
    {
        return Work(ChildLimits.OfPixels(_setup.Options, bodyBytes, pixelBytes), Ask, abort);

        ChildAnswer Ask()
        {
            _to.WriteByte(ChildFrames.Go);
            _to.Flush();
            return ReadAnswer(ChildFrames.Prepared, pixelBytes);
        }
    }

    /// <summary>Ends it if it has exceeded its limits. Called by the watch.</summary>
    public void Check()
    {
        lock (_gate)
        {
            if (!_working || _killedFor is not null) { return; }
            if (Stopwatch.GetElapsedTime(_began) > _limits.Time) { Kill("time"); }
            else if (Held > _memoryBefore + _limits.Memory) { Kill("memory"); }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill("end");
        _process.WaitForExit();
        _process.Dispose();
    }

    private T Work<T>(ChildLimits limits, Func<T> exchange, CancellationToken abort)
    {
        lock (_gate) { (_working, _began, _limits, _memoryBefore) = (true, Stopwatch.GetTimestamp(), limits, Held); }
        _watch.Begin(this);
        using CancellationTokenRegistration registration = abort.UnsafeRegister(static state => ((DecodeChild)state!).Kill("abort"), this);
        try
        {
            return exchange();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            ChildEnd end = End(e);
            abort.ThrowIfCancellationRequested();
            throw new ChildDiedException(end);
        }
        finally
        {
            lock (_gate) { _working = false; }
            _watch.End(this);
        }
    }

    private ChildEnd End(Exception cause)
    {
        // A closed pipe means that the process has ended; any other error is ours, and the process still runs.
        if (cause is InvalidDataException) { Kill("protocol"); }
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) { Kill("protocol"); }
        _process.WaitForExit();
        return _killedFor is { } why ? new ChildEnd(why, null, false) : ChildEnd.OfExit(_process.ExitCode);
    }

    private void Kill(string why)
    {
        lock (_gate)
        {
            if (_process.HasExited) { return; }
            _killedFor ??= why;
            _process.Kill();
        }
    }

    private ChildAnswer ReadAnswer(byte expected, long mostBytes = 0)
    {
        int kind = _from.ReadByte();
        switch (kind)
        {
            case -1:
                throw new EndOfStreamException();
            case ChildFrames.Dropped:
                var reason = (DropReason)ChildFrames.ReadInt(_from);
                string cause = ChildFrames.ReadText(_from);
                return ImageRules.Reasons.Contains(reason)
                    ? new ChildAnswer(null, reason, null, 0, cause)
                    : throw new InvalidDataException($"Reason {reason}.");
            case ChildFrames.Broken:
                ChildFrames.ReadInt(_from);
                return new ChildAnswer(null, null, ChildFrames.ReadText(_from), 0, "");
            case ChildFrames.Needs when expected == ChildFrames.Needs:
                long bytes = ChildFrames.ReadLong(_from);
                return bytes >= 0 && bytes <= ChildLimits.MostPixelBytes(_setup.Options, _setup.Resize)
                    ? new ChildAnswer(null, null, null, bytes, "")
                    : throw new InvalidDataException($"{bytes} bytes of pixels.");
            case ChildFrames.Prepared when expected == ChildFrames.Prepared:
                return new ChildAnswer(ReadPicture(mostBytes), null, null, 0, "");
            default:
                throw new InvalidDataException($"Frame {kind}.");
        }
    }

    private ReadPicture ReadPicture(long mostBytes)
    {
        (int width, int height) = (ChildFrames.ReadInt(_from), ChildFrames.ReadInt(_from));
        Span<byte> hash = stackalloc byte[ChildFrames.HashDigits];
        _from.ReadExactly(hash);
        if (width <= 0 || height <= 0 || (long)width * height > _setup.Options.MaxPixels || hash.ContainsAnyExcept(HexDigits))
        {
            throw new InvalidDataException($"{width} × {height}.");
        }

        var inputs = new PixelInput[_setup.Specs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            PixelSpec spec = _setup.Specs[i];
            inputs[i] = new PixelInput(spec.Width, spec.Height); // left to the garbage collector if the pipe breaks: the pool allows that
            _from.ReadExactly(inputs[i].Rgb);
        }

        return new ReadPicture(width, height, Encoding.ASCII.GetString(hash), inputs, _setup.Resize is null ? null : ReadStored(mostBytes));
    }

    /// <summary>Reads the picture to store: never more bytes than were reserved for its pixels.</summary>
    private StoredFile ReadStored(long mostBytes)
    {
        if (_from.ReadByte() != ChildFrames.Stored) { throw new InvalidDataException("No picture to store."); }

        (int width, int height, int length) = (ChildFrames.ReadInt(_from), ChildFrames.ReadInt(_from), ChildFrames.ReadInt(_from));
        if (width <= 0 || height <= 0 || length <= 0 || length > mostBytes)
        {
            throw new InvalidDataException($"A stored picture of {width} × {height} pixels and {length} bytes.");
        }

        byte[] file = new byte[length];
        _from.ReadExactly(file);
        return new StoredFile(file, width, height);
    }
}

using System.Net.Http.Headers;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>
/// Compares every input file with what the output has read of it. Rows are identified by their position, so a file that changed is refused, or handled
/// according to <c>Laion:Input:Changed</c>, and never continued; lines appended to a local list in plain text are new rows of it.
/// </summary>
internal sealed partial class InputWatch(RunState state, CandidateReaders readers, IInputOpener opener, InputOptions options, ILogger log)
{
    private static readonly TimeSpan DoneListPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Checks files before the session reads any: local ones, and remote ones that are begun or are lists. Finished remote WAT and WARC files are not
    /// requested.
    /// </summary>
    /// <param name="numbers">The files; a list that has grown is opened again.</param>
    /// <param name="stop">Cancels the checks.</param>
    /// <exception cref="InputException">Some changed, and the settings refuse that: each is named, with what changed.</exception>
    public async ValueTask CheckAsync(IReadOnlyList<int> numbers, CancellationToken stop)
    {
        var changes = new List<string>();
        var grown = new Dictionary<int, long>();
        foreach (int number in numbers)
        {
            stop.ThrowIfCancellationRequested();
            string location = state.KnownInputs[number];
            string? change = PublicLocation.IsRemote(location) ? await CheckRemoteAsync(number, location, stop) : CheckLocal(number, location, grown);
            if (change is not null) { await HandleAsync(number, change, changes); }
        }

        if (changes.Count > 0) { throw new InputException(string.Join(Environment.NewLine, changes)); }
        if (grown.Count > 0) { await TakeGrownAsync(grown); }
    }

    /// <summary>A file in the form in which it is to be read.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="isRetry">Whether rows with an outcome are read again.</param>
    public InputFile FileOf(int number, bool isRetry)
    {
        var file = new InputFile(number, state.KnownInputs[number]) { Name = state.SourceOf(number) };
        return MarkOf(number) is { Pieces.Count: > 0, Bytes: { } bytes } mark ? file with { Pieces = PiecesOf(mark.Pieces, bytes, isRetry) } : file;
    }

    /// <summary>Called before a file is read: checks that it is unchanged since the start, or records its mark.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isRetry">Whether rows with an outcome are read again.</param>
    /// <param name="health">Receives what its server reported about it before.</param>
    /// <returns>The file in the form in which it is to be read.</returns>
    /// <exception cref="InputChangedException">It changed.</exception>
    public InputFile Begin(InputFile file, bool isRetry, InputHealth health)
    {
        InputMark? mark = MarkOf(file.Number);
        if (PublicLocation.IsRemote(file.Location))
        {
            health.Known = options.Changed == ChangedInput.Same || mark is null ? null : VersionOf(mark);
            return file;
        }

        var now = new FileInfo(file.Location);
        if (!now.Exists) { return file; } // the reader reports the error
        if (mark is null)
        {
            mark = MarkOf(file.Number, now, withDigest: true);
            state.Marks.Set(mark);
        }
        else if (Compare(mark, now, TakesMore(file)) is { Length: > 0 } change)
        {
            throw new InputChangedException(file.Location, change);
        }

        // A list ends where its mark says: lines that are appended from now on belong to the next run, so that no row is read twice.
        return TakesMore(file) && mark.Bytes is { } bytes ? file with { Pieces = PiecesOf(mark.Pieces ?? [], bytes, isRetry) } : file;
    }

    /// <summary>Called when the first rows of a file are read: records what its server reported about it.</summary>
    public void Began(InputFile file, InputHealth health)
    {
        if (health.Version is not { } version) { return; }

        var mark = new InputMark(file.Number, version.Length, null, version.Modified, version.Tag?.ToString(), null);
        if (mark != state.Marks.Find(file.Number)) { state.Marks.Set(mark); }
    }

    private static List<ListPiece> PiecesOf(IReadOnlyList<InputPiece> known, long bytes, bool isRetry)
    {
        var pieces = new List<ListPiece>();
        long start = 0;
        foreach (InputPiece piece in known)
        {
            pieces.Add(new ListPiece(start, piece.End, isRetry ? -1 : piece.Rows));
            start = piece.End;
        }

        pieces.Add(new ListPiece(start, bytes));
        return pieces;
    }

    private static InputMark MarkOf(int number, FileInfo file, bool withDigest) =>
        new(number, file.Length, withDigest ? SampledDigest.Of(file.FullName, file.Length) : null, file.LastWriteTimeUtc, null, null);

    private static RemoteVersion VersionOf(InputMark mark) =>
        new(EntityTagHeaderValue.TryParse(mark.Tag, out EntityTagHeaderValue? tag) ? tag : null, mark.Modified, mark.Bytes);

    /// <summary>A file's mark; null when no row of it has an outcome, as after an error page in its place: the file may be any other now.</summary>
    private InputMark? MarkOf(int number) => state.Ledger.IsBegun(number) ? state.Marks.Find(number) : null;

    private bool TakesMore(InputFile file) => readers.TakesMore(file.Location);

    private string? CheckLocal(int number, string location, Dictionary<int, long> grown)
    {
        var file = new FileInfo(location);
        if (!file.Exists) { return null; } // the reader reports the error
        if (MarkOf(number) is not { } mark)
        {
            // An output of the version before, or a new file: files that are not done get their mark when they are read.
            if (state.IsDone(number)) { state.Marks.Set(MarkOf(number, file, withDigest: TakesMore(new InputFile(number, location)))); }
            return null;
        }

        string? change = Compare(mark, file, TakesMore(new InputFile(number, location)));
        if (change is { Length: 0 }) { grown[number] = file.Length; }
        else if (change is null && mark.Modified != file.LastWriteTimeUtc) { state.Marks.Set(mark with { Modified = file.LastWriteTimeUtc }); }
        return change is { Length: 0 } ? null : change;
    }

    /// <returns>Null for the same file, nothing for one with more lines, else what changed.</returns>
    private static string? Compare(InputMark mark, FileInfo file, bool takesMore)
    {
        long bytes = mark.Bytes ?? file.Length;
        if (file.Length == bytes && (mark.Digest is null || mark.Modified == file.LastWriteTimeUtc)) { return null; }
        if (file.Length < bytes) { return FormattableString.Invariant($"it has {file.Length} bytes and had {bytes}"); }
        if (mark.Digest is null) { return FormattableString.Invariant($"it has {file.Length} bytes and had {bytes}"); }
        if (SampledDigest.Of(file.FullName, bytes) != mark.Digest) { return FormattableString.Invariant($"its first {bytes} bytes have changed"); }
        if (file.Length == bytes) { return null; }
        if (!takesMore)
        {
            return FormattableString.Invariant(
                $"it has grown from {bytes} to {file.Length} bytes, and only lists in plain text (.txt .csv .tsv .jsonl) may grow");
        }
        return EndsAtLine(file.FullName, bytes) ? "" : FormattableString.Invariant($"its last line, which ended at byte {bytes}, is longer now");
    }

    private static bool EndsAtLine(string path, long end)
    {
        if (end == 0) { return true; }

        using FileStream file = File.OpenRead(path);
        file.Position = end - 1;
        return file.ReadByte() is '\n' or '\r' || file.ReadByte() is '\n' or '\r';
    }

    private async ValueTask<string?> CheckRemoteAsync(int number, string location, CancellationToken stop)
    {
        bool isDone = state.IsDone(number);
        if (MarkOf(number) is not { } mark || (isDone && !readers.IsCheckedWhenDone(location))) { return null; }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (isDone) { patience.CancelAfter(DoneListPatience); }
        try
        {
            await using Stream stream = await opener.OpenAsync(location, new InputHealth { Known = VersionOf(mark) }, patience.Token);
            return null;
        }
        catch (InputChangedException e)
        {
            return e.Change;
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            Log.NotAsked(log, PublicLocation.Of(location), e.Message); // a file that is to be read reports this again when it is read
            return null;
        }
    }

    private async ValueTask HandleAsync(int number, string change, List<string> refused)
    {
        string location = state.KnownInputs[number];
        switch (options.Changed)
        {
            case ChangedInput.Again when options.Share == "1/1":
                Log.ReadAgain(log, PublicLocation.Of(location), change);
                await state.BeginAnewAsync(number);
                break;
            case ChangedInput.Again:
                refused.Add($"Laion:Input:Changed: '{PublicLocation.Of(location)}' changed ({change}); with Laion:Input:Share it cannot be read again as a new input: its number would belong to another machine.");
                break;
            case ChangedInput.Same:
                Log.Same(log, PublicLocation.Of(location), change);
                if (!PublicLocation.IsRemote(location)) { state.Marks.Set(MarkOf(number, new FileInfo(location), withDigest: true)); }
                break;
            default:
                refused.Add($"Laion:Input:Changed: {new InputChangedException(location, change).Message}");
                break;
        }
    }

    /// <summary>Reopens finished lists that have grown, and records where each ended: its new rows start there.</summary>
    private async ValueTask TakeGrownAsync(Dictionary<int, long> grown)
    {
        Dictionary<int, long> links = await state.ReopenAsync(grown.Keys.Where(state.IsDone).ToHashSet());
        foreach ((int number, long bytes) in grown)
        {
            InputMark mark = state.Marks.Find(number)!;
            long before = mark.Bytes!.Value;
            int rows = links.TryGetValue(number, out long known) ? (int)known : -1;

            // A list without a row has no piece: its header may only come now.
            InputPiece[] pieces = rows == 0 || before == 0 ? [] : [.. mark.Pieces ?? [], new InputPiece(before, rows)];
            string path = state.KnownInputs[number];
            state.Marks.Set(mark with { Bytes = bytes, Digest = SampledDigest.Of(path, bytes), Modified = File.GetLastWriteTimeUtc(path), Pieces = pieces });
            Log.Grown(log, path, bytes - before);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(940, LogLevel.Information, "{Location} has {Bytes} bytes more than when it was read: they are new rows")]
        public static partial void Grown(ILogger log, string location, long bytes);

        [LoggerMessage(941, LogLevel.Warning, "{Location} changed ({Change}): it is read from its beginning as a new input")]
        public static partial void ReadAgain(ILogger log, string location, string change);

        [LoggerMessage(942, LogLevel.Warning, "{Location} changed ({Change}): it is treated as the same file, as Laion:Input:Changed says")]
        public static partial void Same(ILogger log, string location, string change);

        [LoggerMessage(943, LogLevel.Warning, "Whether {Location} changed since it was read cannot be determined: {Cause}")]
        public static partial void NotAsked(ILogger log, string location, string cause);
    }
}

using LaionStream.Dataset.Manifest;
using LaionStream.Search.Index;
using LaionStream.Search.Outputs;
using LaionStream.Search.Rows;
using Microsoft.Extensions.Logging;

namespace LaionStream.Explorer.Data;

/// <summary>An output folder that is served: its rows and vectors, kept up to date while a run writes it.</summary>
internal sealed partial class ExplorerData : IAsyncDisposable
{
    private readonly ILogger<ExplorerData> _log;
    private readonly IndexedVectors[] _vectors;
    private long _seen = -1;
    private readonly CancellationTokenSource _end = new();
    private Task _following = Task.CompletedTask;
    private string? _said;

    private ExplorerData(string folder, RowStore rows, ILogger<ExplorerData> log)
    {
        (Folder, Rows, _log) = (folder, rows, log);
        _vectors = [new IndexedVectors(folder, VectorKind.Image), new IndexedVectors(folder, VectorKind.Text)];
    }

    /// <summary>The output folder.</summary>
    public string Folder { get; }

    /// <summary>Its name, without the path to it.</summary>
    public string Name => Path.GetFileName(Folder.TrimEnd(Path.DirectorySeparatorChar)) is { Length: > 0 } name ? name : "output";

    /// <summary>Its rows.</summary>
    public RowStore Rows { get; }

    /// <summary>Its vectors that can be searched; those of pictures first.</summary>
    public IReadOnlyList<IVectors> Vectors => [.. _vectors.Where(vectors => vectors.Count > 0)];

    /// <summary>Whether pictures are stored with the rows.</summary>
    public bool HasPictures { get; private set; }

    /// <summary>Opens an output.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="log">Says what is made and what cannot be.</param>
    /// <exception cref="InvalidDataException">It is not the output of a run.</exception>
    public static ExplorerData Open(string folder, ILogger<ExplorerData> log)
    {
        var data = new ExplorerData(folder, RowStore.Open(folder), log);
        data.OpenVectors();
        return data;
    }

    /// <summary>Reads what was committed since.</summary>
    /// <param name="abort">Ends the work.</param>
    public async Task RefreshAsync(CancellationToken abort)
    {
        try
        {
            if (await Rows.RefreshAsync(abort))
            {
                using RowSnapshot rows = Rows.Acquire();
                Log.RowsKnown(_log, rows.Rows, rows.Files.Count);
            }

            OpenVectors();
            _said = null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            if (_said != e.Message) { Log.NotRefreshed(_log, e.Message, e); }
            _said = e.Message; // said once: the next look comes in seconds
        }
    }

    /// <summary>Goes on reading what is committed.</summary>
    /// <param name="period">Time between two looks.</param>
    /// <param name="clock">Measures it.</param>
    public void Follow(TimeSpan period, TimeProvider clock) => _following = FollowAsync(period, clock, _end.Token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following;
        _end.Dispose();
        foreach (IndexedVectors vectors in _vectors) { vectors.Dispose(); }
        Rows.Dispose();
    }

    private async Task FollowAsync(TimeSpan period, TimeProvider clock, CancellationToken end)
    {
        try
        {
            await VerifyAsync(end);
            while (true)
            {
                await RefreshAsync(end);
                await Task.Delay(period, clock, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return; // the service ends
        }
    }

    private async Task VerifyAsync(CancellationToken end)
    {
        try
        {
            foreach (string name in await Rows.VerifyAsync(end)) { Log.RowsDamaged(_log, name); }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRefreshed(_log, e.Message, e);
        }
    }

    private void OpenVectors()
    {
        foreach (IndexedVectors vectors in _vectors)
        {
            string? before = vectors.Warning;
            vectors.Open();
            if (vectors.Warning is { } warning && warning != before) { Log.VectorsSlow(_log, warning); }
        }

        long length = new FileInfo(Path.Combine(Folder, "state", "manifest.jsonl")).Length;
        if (length == _seen) { return; } // nothing was committed since
        OutputPart[] parts = [.. OutputFolder.Parts(Folder)];
        HasPictures = parts.Any(part => part.Entry.FileOf(FileRole.Images) is not null || part.Entry.FileOf(FileRole.ImageFolder) is not null);
        _seen = length;
    }

    private static partial class Log
    {
        [LoggerMessage(3110, LogLevel.Information, "{Rows} rows of {Parts} parts can be searched.")]
        public static partial void RowsKnown(ILogger log, long rows, int parts);

        [LoggerMessage(3111, LogLevel.Warning, "What was committed since cannot be read: {Cause}")]
        public static partial void NotRefreshed(ILogger log, string cause, Exception exception);

        [LoggerMessage(3113, LogLevel.Warning, "{Warning}")]
        public static partial void VectorsSlow(ILogger log, string warning);

        [LoggerMessage(3112, LogLevel.Warning, "The row store's file {File} was damaged and is made again.")]
        public static partial void RowsDamaged(ILogger log, string file);
    }
}

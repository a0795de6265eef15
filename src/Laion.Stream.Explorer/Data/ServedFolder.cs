using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Summary;
using LaionStream.Search.Index;
using LaionStream.Search.Outputs;
using LaionStream.Search.Rows;
using Microsoft.Extensions.Logging;

namespace LaionStream.Explorer.Data;

/// <summary>One of the folders that are served: its rows and vectors, kept up to date while a run writes it.</summary>
internal sealed partial class ServedFolder : IDisposable
{
    private readonly ILogger _log;
    private long _seen = -1;
    private string? _said;

    private ServedFolder(string path, string name, int place, RowStore rows, ILogger log)
    {
        (Path, Name, Rows, _log) = (path, name, rows, log);
        (Pictures, Captions) = (new IndexedVectors(path, place, VectorKind.Image), new IndexedVectors(path, place, VectorKind.Text));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its name, which no other has.</summary>
    public string Name { get; }

    /// <summary>Its rows, by their numbers in the folder.</summary>
    public RowStore Rows { get; }

    /// <summary>The vectors of its pictures.</summary>
    public IndexedVectors Pictures { get; }

    /// <summary>The vectors of its captions.</summary>
    public IndexedVectors Captions { get; }

    /// <summary>Whether pictures are stored with the rows.</summary>
    public bool HasPictures { get; private set; }

    /// <summary>Whether its files can be read; if not, what was read of it before is served.</summary>
    public bool IsReadable => _said is null;

    /// <summary>The record of its run; null when there is none.</summary>
    public RunSummary? Summary => RunFiles.Summary(Path);

    /// <summary>Whether it is an output, not a folder of embeddings that another program made.</summary>
    public bool IsOutput => File.Exists(Manifest);

    private string Manifest => System.IO.Path.Combine(Path, "state", "manifest.jsonl");

    /// <summary>Opens a folder.</summary>
    /// <param name="path">An output, or a folder of embeddings by clip-retrieval or autofaiss.</param>
    /// <param name="name">Its name.</param>
    /// <param name="place">Its place among the folders.</param>
    /// <param name="log">Says what is made and what cannot be.</param>
    /// <exception cref="InvalidDataException">It is neither, or a file is broken; the message names it.</exception>
    public static ServedFolder Open(string path, string name, int place, ILogger log)
    {
        string? rows = RowStorePlace.Of(path);
        if (rows is not null) { Log.RowsElsewhere(log, path, rows); }
        var folder = new ServedFolder(path, name, place, RowStore.Open(path, rows), log);
        try
        {
            folder.OpenVectors();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
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
                Log.RowsKnown(_log, Name, rows.Rows, rows.Files.Count);
            }

            OpenVectors();
            _said = null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            if (_said != e.Message) { Log.NotRefreshed(_log, Path, e.Message, e); }
            _said = e.Message; // said once: the next look comes in seconds
        }
    }

    /// <summary>Removes files of the row store that are damaged; the next <see cref="RefreshAsync"/> makes them again.</summary>
    /// <param name="abort">Ends the work.</param>
    public async Task VerifyAsync(CancellationToken abort)
    {
        try
        {
            foreach (string name in await Rows.VerifyAsync(abort)) { Log.RowsDamaged(_log, Path, name); }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRefreshed(_log, Path, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pictures.Dispose();
        Captions.Dispose();
        Rows.Dispose();
    }

    private void OpenVectors()
    {
        foreach (IndexedVectors vectors in new[] { Pictures, Captions })
        {
            string? before = vectors.Warning;
            vectors.Open();
            if (vectors.Warning is { } warning && warning != before) { Log.VectorsSlow(_log, warning); }
        }

        long length = File.Exists(Manifest) ? new FileInfo(Manifest).Length : -1;
        if (length == _seen) { return; } // nothing was committed since
        HasPictures = OutputFolder.Parts(Path).Any(part => part.Entry.FileOf(FileRole.Images) is not null || part.Entry.FileOf(FileRole.ImageFolder) is not null);
        _seen = length;
    }

    private static partial class Log
    {
        [LoggerMessage(3110, LogLevel.Information, "{Folder}: {Rows} rows of {Parts} parts can be searched.")]
        public static partial void RowsKnown(ILogger log, string folder, long rows, int parts);

        [LoggerMessage(3111, LogLevel.Warning, "What was committed in {Folder} since cannot be read: {Cause}")]
        public static partial void NotRefreshed(ILogger log, string folder, string cause, Exception exception);

        [LoggerMessage(3113, LogLevel.Warning, "{Warning}")]
        public static partial void VectorsSlow(ILogger log, string warning);

        [LoggerMessage(3114, LogLevel.Information, "{Folder} cannot be written: its row store is made in {Place}.")]
        public static partial void RowsElsewhere(ILogger log, string folder, string place);

        [LoggerMessage(3112, LogLevel.Warning, "In the row store of {Folder} the file {File} was damaged and is made again.")]
        public static partial void RowsDamaged(ILogger log, string folder, string file);
    }
}

using LaionStream.Search.Rows;
using Microsoft.Extensions.Logging;

namespace LaionStream.Explorer.Data;

/// <summary>The folders that are served, as one: their rows and vectors, kept up to date while runs write them.</summary>
internal sealed class ExplorerData : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly JoinedVectors[] _vectors;
    private Task _following = Task.CompletedTask;

    private ExplorerData(ServedFolder[] folders)
    {
        Folders = folders;
        Rows = new RowStores([.. folders.Select(folder => folder.Rows)]);
        _vectors =
        [
            new JoinedVectors("image", isOfCaptions: false, [.. folders.Select(folder => folder.Pictures)]),
            new JoinedVectors("text", isOfCaptions: true, [.. folders.Select(folder => folder.Captions)]),
        ];
    }

    /// <summary>The folders, in the order of their rows' numbers.</summary>
    public IReadOnlyList<ServedFolder> Folders { get; }

    /// <summary>Their names.</summary>
    public string Name => string.Join(", ", Folders.Select(folder => folder.Name));

    /// <summary>The rows of all folders.</summary>
    public RowStores Rows { get; }

    /// <summary>The vectors of all folders that can be searched; those of pictures first.</summary>
    public IReadOnlyList<IVectors> Vectors => [.. _vectors.Where(vectors => vectors.Count > 0)];

    /// <summary>Names that requests may give to vectors: of those of all folders, and of each of several folders.</summary>
    public IReadOnlyList<string> IndexNames =>
    [
        .. Vectors.Select(vectors => vectors.Name),
        .. Folders.Where(folder => Folders.Count > 1 && folder.Pictures.Count + folder.Captions.Count > 0).Select(folder => folder.Name),
    ];

    /// <summary>Whether pictures are stored with rows.</summary>
    public bool HasPictures => Folders.Any(folder => folder.HasPictures);

    /// <summary>Opens folders.</summary>
    /// <param name="paths">Outputs, or folders of embeddings by clip-retrieval or autofaiss; at least one. One that is named twice counts once.</param>
    /// <param name="log">Says what is made and what cannot be.</param>
    /// <exception cref="InvalidDataException">A folder is neither, or they cannot be searched together; the message names it.</exception>
    public static ExplorerData Open(IReadOnlyList<string> paths, ILogger<ExplorerData> log)
    {
        string[] full = [.. paths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))).Distinct(StringComparer.Ordinal)];
        if (full.Length > RowIds.MostFolders) { throw new InvalidDataException($"At most {RowIds.MostFolders} folders are served at once."); }
        IReadOnlyList<string> names = FolderNames.Of(full);
        var folders = new List<ServedFolder>();
        try
        {
            for (int i = 0; i < full.Length; i++)
            {
                folders.Add(ServedFolder.Open(full[i], names[i], i, log));
                CheckTogether(folders);
            }

            return new ExplorerData([.. folders]);
        }
        catch
        {
            foreach (ServedFolder folder in folders) { folder.Dispose(); }
            throw;
        }
    }

    /// <summary>The folder of a row.</summary>
    /// <param name="row">The number of a row that exists.</param>
    public ServedFolder FolderOf(long row) => Folders[(int)RowIds.FolderOf(row)];

    /// <summary>Vectors by the name that requests give: those of all folders, or those of one.</summary>
    /// <param name="name">The name; null or empty for the first.</param>
    /// <param name="ofCaptions">Of a folder, whether those of captions are meant.</param>
    /// <returns>Null when there are none of that name.</returns>
    public IVectors? Find(string? name, bool ofCaptions = false)
    {
        IReadOnlyList<IVectors> all = Vectors;
        if (string.IsNullOrEmpty(name)) { return all.Count > 0 ? all[0] : null; }
        if (all.FirstOrDefault(vectors => vectors.Name == name) is { } joined) { return joined; }
        if (Folders.FirstOrDefault(folder => folder.Name == name) is not { } one) { return null; }

        IndexedVectors wanted = ofCaptions ? one.Captions : one.Pictures;
        return wanted.Count > 0 ? new JoinedVectors(one.Name, ofCaptions, [wanted]) : null;
    }

    /// <summary>Reads what was committed since.</summary>
    /// <param name="abort">Ends the work.</param>
    public Task RefreshAsync(CancellationToken abort) => Task.WhenAll(Folders.Select(folder => folder.RefreshAsync(abort)));

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
        Rows.Dispose();
        foreach (ServedFolder folder in Folders) { folder.Dispose(); }
    }

    /// <summary>Refuses folders whose vectors are those of different models: a query has one vector, and cosines across models mean nothing.</summary>
    private static void CheckTogether(List<ServedFolder> folders)
    {
        ServedFolder last = folders[^1];
        Check(folder => folder.Pictures);
        Check(folder => folder.Captions);

        void Check(Func<ServedFolder, IndexedVectors> of)
        {
            if (of(last).Count == 0 || folders.FirstOrDefault(folder => of(folder).Count > 0) is not { } first || ReferenceEquals(first, last)) { return; }
            if (of(first).Dimensions != of(last).Dimensions)
            {
                throw new InvalidDataException(
                    $"'{last.Path}' has vectors of {of(last).Dimensions} numbers, '{first.Path}' of {of(first).Dimensions}: vectors of different models cannot be searched together. Serve them apart.");
            }

            if (RunFiles.OtherModel(first.Summary, last.Summary) is { } role)
            {
                throw new InvalidDataException(
                    $"'{last.Path}' was made with another model '{role}' than '{first.Path}' (summary.json): their vectors cannot be searched together. Serve them apart.");
            }
        }
    }

    private async Task FollowAsync(TimeSpan period, TimeProvider clock, CancellationToken end)
    {
        try
        {
            foreach (ServedFolder folder in Folders) { await folder.VerifyAsync(end); }
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
}

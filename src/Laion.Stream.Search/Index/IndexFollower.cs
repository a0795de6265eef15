namespace LaionStream.Search.Index;

/// <summary>Keeps the index of an output up to date while a run writes it.</summary>
/// <param name="folder">The output.</param>
/// <param name="options">Sizes, threads, and the time between two looks.</param>
/// <param name="isRunning">Whether a process writes the output.</param>
public sealed class IndexFollower(string folder, IndexOptions options, Func<bool> isRunning)
{
    /// <summary>Called when it is known how many rows will be added, with that number. The number may grow.</summary>
    public Action<long> Planned { get; init; } = _ => { };

    /// <summary>Called with numbers of rows as they are added, by any thread.</summary>
    public Action<long> Added { get; init; } = _ => { };

    /// <summary>Called after each look that built something.</summary>
    public Action<IndexReport> Built { get; init; } = _ => { };

    /// <summary>Builds what is new, waits, and so on until the run has ended and all its parts were looked at.</summary>
    /// <param name="kinds">Which vectors; null for those that the folder has.</param>
    /// <param name="stop">Ends it; finished segments stay.</param>
    /// <returns>What there is at the end.</returns>
    /// <exception cref="NoVectorsException">The run has ended and wrote no vectors.</exception>
    /// <exception cref="IndexBusyException">Another process builds.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<IReadOnlyList<IndexReport>> RunAsync(IReadOnlyList<VectorKind>? kinds, CancellationToken stop)
    {
        long seen = -1;
        while (true)
        {
            bool wasRunning = isRunning(); // before the look: what a run commits until its end is then seen by the last one
            long length = ManifestLength();
            if (wasRunning && length == seen) // opening ten thousand files to find nothing new is not free
            {
                await Task.Delay(options.Poll, stop);
                continue;
            }

            seen = length;
            IndexReport[] reports = [];
            try
            {
                reports = await Task.Run(() => BuildAll(kinds, stop), stop);
            }
            catch (NoVectorsException) when (wasRunning)
            {
                reports = []; // nothing was committed yet
            }

            foreach (IndexReport report in reports.Where(report => report.Built > 0)) { Built(report); }
            if (!wasRunning) { return reports; }

            await Task.Delay(options.Poll, stop);
        }
    }

    private long ManifestLength()
    {
        var file = new FileInfo(Path.Combine(folder, "state", "manifest.jsonl"));
        return file.Exists ? file.Length : 0;
    }

    private IndexReport[] BuildAll(IReadOnlyList<VectorKind>? kinds, CancellationToken stop)
    {
        var builder = new IndexBuilder(folder, options) { Planned = Planned, Added = Added };
        return [.. (kinds ?? IndexBuilder.KindsOf(folder)).Select(kind => builder.Build(kind, compacts: false, stop))];
    }
}

using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RunState
{
    /// <summary>Reopens finished input files to which rows were appended. Their earlier rows keep their outcomes.</summary>
    /// <param name="files">The files.</param>
    /// <returns>The rows that each had.</returns>
    public async ValueTask<Dictionary<int, long>> ReopenAsync(IReadOnlySet<int> files)
    {
        if (files.Count == 0) { return []; }

        await _gate.WaitAsync();
        try
        {
            Dictionary<int, FileLedger> loaded = [];
            Guarded(() =>
            {
                Flush();
                loaded = LoadFinished(StateIndex.Of(_state, files), [.. files]);
                Reopen(loaded);
            });
            return loaded.ToDictionary(pair => pair.Key, pair => pair.Value.Links);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Treats an input that changed as a new one: the outcomes of the old one stay and are final, and the location gets a new number.</summary>
    /// <param name="file">The old number, one of <see cref="InputNumbers"/>. None of its rows may be in the graph.</param>
    public async ValueTask BeginAnewAsync(int file)
    {
        if (!IsDone(file)) { Ledger.Seal(file, 0); }
        await FlushAsync();
        _newInputs += _identities[file] + "\n";
        KnownInputs = [.. KnownInputs, KnownInputs[file]];
        _identities = [.. _identities, _identities[file]];
        InputNumbers = [.. InputNumbers.Select(number => number == file ? KnownInputs.Count - 1 : number)];
    }

    /// <summary>The number of an input; if it has several, the last. -1 if the output does not have it.</summary>
    /// <param name="location">As the settings give it.</param>
    public int FindInput(string location)
    {
        string identity = InputIdentity.Of(location);
        return _identities.ToList().FindLastIndex(known => known == identity);
    }

    /// <summary>The value of the <c>source</c> column for the rows of an input.</summary>
    public string SourceOf(int file) => _sources.Of(file, _identities);

    /// <summary>Whether an input was withdrawn.</summary>
    public bool IsWithdrawn(int file) => Marks.Find(file)?.Withdrawn == true;

    /// <summary>Whether a row of an input has an outcome.</summary>
    public bool HasRows(int file) =>
        IsDone(file) ? DoneLines.ReadAll(Path.Combine(_state, DoneName)).Any(line => line.FileNumber == file && line.Links > 0) : Ledger.IsBegun(file);

    /// <summary>Withdraws inputs without rows: they keep their numbers, count as finished, and are new inputs when their names are given again.</summary>
    /// <param name="files">Their numbers, none of <see cref="InputNumbers"/>. None of their rows may be in the graph.</param>
    public async ValueTask WithdrawAsync(IReadOnlyList<int> files)
    {
        foreach (int file in files)
        {
            Marks.Set(new InputMark(file, null, null, null, null, null) { Withdrawn = true });
            if (!IsDone(file)) { Ledger.Seal(file, 0); }
        }

        await FlushAsync();
    }
}

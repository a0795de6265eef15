using LaionStream.Dataset;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Checkpoint;

namespace LaionStream.Engine.Writing;

/// <summary>Writes <c>extract</c>'s output under <c>candidates/</c>; works as <see cref="RowWriter"/> does.</summary>
/// <remarks>One caller at a time: the block that owns it, ticks included.</remarks>
internal sealed class CandidateWriter(
    RunState state, WritingOptions options, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<ExtraColumn> extras, TimeProvider clock) : IPartWriter
{
    /// <summary>The folder and set of candidates.</summary>
    public const string SetName = "candidates";

    private readonly RotationPolicy _policy = RotationPolicy.From(options);
    private readonly CandidateColumns _columns = new(extras);
    private OpenPart? _part;
    private CandidateFileWriter? _file;

    /// <summary>Adds a candidate, whose language is known; commits the file when that fills it.</summary>
    public async ValueTask WriteAsync(Candidate candidate, CancellationToken abort)
    {
        if (_part is null || _file is null)
        {
            _part = OpenPart.Create(state, SetName, clock);
            _file = await CandidateFileWriter.CreateAsync(_part.Output, _columns, metadata, options.RowGroupBytes);
        }

        string language = candidate.Language ?? throw new InvalidOperationException($"Candidate {candidate.Key} came to the writer without a language.");
        await _file.AddAsync(
            new CandidateRow(
                candidate.Url, candidate.Text, language, candidate.License, candidate.Hash, candidate.PageUrl, candidate.Source, candidate.Key.Ordinal, candidate.Extras),
            abort);
        _part.Rows.Add(candidate.Key);
        await TickAsync(abort);
    }

    /// <summary>Commits the open file when it is old enough. Called now and then by the block that owns the writer.</summary>
    public async ValueTask TickAsync(CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        if (_part is not null && _file is not null && _policy.IsFull(_file.Rows, _file.Bytes, _part.Age)) { await CompleteAsync(); }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync()
    {
        if (_part is null || _file is null) { return; }

        using OpenPart part = _part;
        CandidateFileWriter file = _file;
        (_part, _file) = (null, null);
        await file.CompleteAsync();
        await part.CommitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask AbandonAsync()
    {
        if (_part is null) { return; }

        using OpenPart part = _part;
        (_part, _file) = (null, null);
        await part.DeleteAsync();
    }
}

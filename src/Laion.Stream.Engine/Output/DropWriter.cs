using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Removal;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Output;

/// <summary>
/// Writes dropped rows under <c>dropped/</c>. A row's outcome becomes durable with the part that contains the row, as a kept row's does: both or neither.
/// </summary>
/// <param name="state">The output.</param>
/// <param name="options">When a part is finished.</param>
/// <param name="metadata">Key-value metadata of each file.</param>
/// <param name="scores">The run's score columns; null for a run without models.</param>
/// <param name="extras">Other columns of the input lists.</param>
/// <param name="clock">For the age of a part, and the time of each drop.</param>
internal sealed class DropWriter(
    RunState state, WritingOptions options, IReadOnlyDictionary<string, string> metadata, ScoreSchema? scores, IReadOnlyList<ExtraColumn> extras, TimeProvider clock)
    : PartWriter<EndedRow>(state, Folder, new RotationPolicy(options.MaxRows, options.MaxBytes, options.MaxAge),
        [
            RowsFile<EndedRow, DroppedRow>.KindOf(FileRole.Dropped, new PartName("", OutputSets.DroppedPrefix, ".parquet"),
                new DroppedColumns(scores, SampleSchema.Distinguish(extras, DroppedColumns.OwnNames(scores, options.PictureColumns)), options.PictureColumns), _ => row => row.Row, metadata, options),
        ], clock)
{
    /// <summary>The folder of dropped rows.</summary>
    public const string Folder = "dropped";

    private readonly RunState _state = state;
    private readonly TimeProvider _clock = clock;
    private readonly List<PendingDrop> _drops = [];
    private readonly RemovedSet _removed = RemovedFrom(state);

    /// <summary>Adds a row; commits the part when that fills it.</summary>
    public ValueTask WriteAsync(EndedRow row, CancellationToken abort)
    {
        _drops.Add(new PendingDrop(row.Key, row.Row.Outcome));
        return AddAsync(row.Key, row, abort);
    }

    /// <summary>Takes from the message with which a row ended what is recorded of it.</summary>
    /// <param name="message">Any message of the graph, or a link that the rules rejected.</param>
    /// <param name="outcome">Why the row was dropped.</param>
    public EndedRow Of(IRow message, DropOutcome outcome)
    {
        DroppedRow row = message switch
        {
            RejectedLink link => Of(link, outcome),
            Candidate candidate => Of(candidate, outcome),
            FetchedImage image => Of(image.Candidate, outcome) with { Fetch = image.Fetch },
            PreparedImage image => Of(image.Candidate, outcome) with { Fetch = image.Fetch, Picture = image.Picture },
            ComparedImage image => Of(image.Candidate, outcome) with { Fetch = image.Fetch, Picture = image.Picture, Scores = image.Scores },
            ScoredImage image => Of(image.Candidate, outcome) with { Fetch = image.Fetch, Picture = image.Picture, Scores = image.Scores },
            _ => throw new ArgumentException($"Row {message.Key} ended as a {message.GetType().Name}, of which nothing is known.", nameof(message)),
        };
        return new EndedRow(message.Key, (IsRemoved(row) ? Bare(row) : row) with { Attempt = _state.Ledger.AttemptOf(message.Key) });
    }

    /// <inheritdoc/>
    protected override async ValueTask CommitAsync(OpenPart<EndedRow> part, IReadOnlyList<PendingFile> files)
    {
        await _state.CommitDropsAsync(Folder, files[0], _drops);
        _drops.Clear();
    }

    private static RemovedSet RemovedFrom(RunState state)
    {
        var removed = new RemovedSet();
        removed.Read(RunState.StateFolder(state.OutputFolder));
        return removed;
    }

    /// <summary>Whether the row is one that was removed from the output: it met again, as the block lists or the claims found.</summary>
    private bool IsRemoved(DroppedRow row) => _removed.HasUrl(row.Url) || _removed.HasUrl(row.Fetch?.FinalUrl) || _removed.HasPicture(row.Picture?.Md5) || _removed.HasPicture(row.Picture?.Sha256)
        || (row.Hash is { } hash && _removed.HasRow(hash));

    /// <summary>The row without what it was: only the place where it was met, and its outcome.</summary>
    private static DroppedRow Bare(DroppedRow row) => new()
    {
        SampleId = row.SampleId,
        Ordinal = row.Ordinal,
        Outcome = row.Outcome,
        DroppedAt = row.DroppedAt,
        Source = row.Source,
    };

    private DroppedRow Of(RejectedLink link, DropOutcome outcome) => new()
    {
        SampleId = link.Key.SampleId,
        Ordinal = link.Key.Ordinal,
        Url = link.Url,
        Text = link.Text,
        Outcome = outcome,
        DroppedAt = _clock.GetUtcNow(),
        Source = link.Source,
        PageUrl = link.PageUrl,
        Extras = link.Extras,
    };

    private DroppedRow Of(Candidate candidate, DropOutcome outcome) => new()
    {
        SampleId = candidate.Key.SampleId,
        Ordinal = candidate.Key.Ordinal,
        Url = candidate.Url,
        Text = candidate.Text,
        Outcome = outcome,
        DroppedAt = _clock.GetUtcNow(),
        Source = candidate.Source,
        PageUrl = candidate.PageUrl,
        Hash = candidate.Hash,
        Language = candidate.Language,
        License = candidate.License,
        Extras = candidate.Extras,
    };
}

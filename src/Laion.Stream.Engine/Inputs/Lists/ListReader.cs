using System.Runtime.CompilerServices;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// Reads URL lists as img2dataset does: each row is a link with its caption. Every row is counted; blank lines are not rows.
/// The first rule that fails gives the drop reason: no_alt, bad_url, url_blocked, short_caption; a malformed row is dropped as bad_url.
/// </summary>
/// <param name="files">Opens the lists.</param>
/// <param name="rules">The rules for links.</param>
/// <param name="extras">The run's other columns, as <see cref="ListSchema.ReadAsync"/> found them.</param>
/// <param name="captionRequired">Whether captions are scored, so that a list without captions is refused.</param>
/// <param name="log">Logs columns that cannot be copied to the output.</param>
/// <param name="rejected">Makes the outcomes of rejected rows.</param>
internal sealed partial class ListReader(
    ListFiles files, ListRules rules, IReadOnlyList<ExtraColumn> extras, bool captionRequired, ILogger<ListReader> log, RejectedLinks? rejected = null)
    : ICandidateReader
{
    private readonly RejectedLinks _rejected = rejected ?? RejectedLinks.NotKept;
    private const int RowsAtATime = 1000;

    // LICENSE of a picture whose page is unknown; a list's own licence column is copied as an extra column.
    private const string NoLicense = "?";

    /// <inheritdoc/>
    /// <exception cref="ListSchemaException">The list has other columns than the run's, or no captions although they are required.</exception>
    public async IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, [EnumeratorCancellation] CancellationToken stop)
    {
        var page = new PageLinks();
        int ordinal = 0;
        health.Missing = "row nor heading of a list";
        foreach (ListPiece? piece in file.Pieces.DefaultIfEmpty())
        {
            if (piece?.RowsWithOutcome >= 0)
            {
                ordinal = piece.RowsWithOutcome;
                health.Missing = null;
                continue;
            }

            await using ListRows rows = piece is null ? await files.OpenAsync(file.Location, health, stop) : await files.OpenAsync(file, piece, health, stop);
            if (rows.Columns is not { } columns) { continue; } // an empty file

            health.Missing = null;
            int[] places = Arrange(columns, file);
            page.Reset(ordinal);
            while (await NextAsync(rows, health, stop))
            {
                health.Records++;
                page.Add(Judge(rows, columns, places, file, ordinal++, health));
                if (page.Count == RowsAtATime)
                {
                    yield return page;
                    page.Reset(ordinal);
                }
            }

            if (page.Count > 0)
            {
                yield return page;
            }

            if (rows.LateColumns is { Count: > 0 } late)
            {
                Log.TooLate(log, file.Number, string.Join(", ", late));
            }
        }
    }

    private int[] Arrange(ListColumns columns, InputFile file)
    {
        if (captionRequired)
        {
            columns.DemandCaption();
        }

        int[] places = columns.Arrange(extras);
        if (columns.NotCarried.Count > 0)
        {
            Log.NotCarried(log, file.Number, string.Join(", ", columns.NotCarried));
        }

        return places;
    }

    private static async ValueTask<bool> NextAsync(ListRows rows, InputHealth health, CancellationToken stop)
    {
        try
        {
            return await rows.NextAsync(stop);
        }
        catch (Exception e) when (ListFiles.IsDamage(e))
        {
            // After damaged compressed data nothing can be located; everything before it was read.
            health.SkipMember(FormattableString.Invariant($"after {health.Records} rows: {e.Message}"));
            health.EndTooEarly();
            return false;
        }
    }

    private LinkOutcome Judge(ListRows rows, ListColumns columns, int[] places, InputFile file, int ordinal, InputHealth health)
    {
        var key = new RowKey(file.Number, ordinal);
        if (rows.IsMalformed)
        {
            health.SkipRecord("a row cannot be parsed");
            return _rejected.Of(DropReason.BadUrl, key, [], [], null, file.Name);
        }

        DropReason reason = Judge(rows, columns, file, health, out string? url, out string? text, out LocalPicture? local);
        if (reason != DropReason.None)
        {
            return _rejected.Keeps ? Reject(rows, columns, places, reason, key, file) : new LinkOutcome(reason, null);
        }

        return new LinkOutcome(DropReason.None, new Candidate(key, url!, text, NoLicense, Page(rows, columns), file.Name, rules.Hash(url!, text))
        {
            Extras = Values(rows, places),
            Local = local,
            ExpectedDigest = columns.Digest < 0 ? null : rows.Text(columns.Digest).ToString(),
        });
    }

    private LinkOutcome Reject(ListRows rows, ListColumns columns, int[] places, DropReason reason, RowKey key, InputFile file)
    {
        LinkOutcome outcome = _rejected.Of(
            reason, key, rows.Text(columns.Url), columns.Caption >= 0 ? rows.Text(columns.Caption) : [], Page(rows, columns), file.Name);
        return outcome with { Rejected = outcome.Rejected! with { Extras = Values(rows, places) } };
    }

    private DropReason Judge(
        ListRows rows, ListColumns columns, InputFile file, InputHealth health, out string? url, out string? text, out LocalPicture? local)
    {
        (url, text, local) = (null, null, null);
        bool hasCaption = columns.Caption >= 0 && !rows.Text(columns.Caption).IsEmpty;
        if (columns.Caption >= 0 && !hasCaption && (captionRequired || rules.Find is null))
        {
            return DropReason.NoAlt;
        }

        ReadOnlySpan<char> href = rows.Text(columns.Url);
        if (href.IsEmpty)
        {
            health.SkipRecord("a row has no address");
            return DropReason.BadUrl;
        }

        DropReason reason = Resolve(file, href, out url, out local);
        if (reason == DropReason.None && hasCaption)
        {
            rules.TryClean(rows.Text(columns.Caption), out text, out reason);
        }

        return reason;
    }

    private DropReason Resolve(InputFile file, ReadOnlySpan<char> href, out string? url, out LocalPicture? local)
    {
        local = null;
        if (rules.Find is not { } find) { return rules.Resolve(href, out url); }

        local = find(file.Location, href, out url);
        return local is null ? DropReason.BadUrl : DropReason.None;
    }

    private static string? Page(ListRows rows, ListColumns columns) =>
        columns.Page >= 0 && rows.Text(columns.Page) is { IsEmpty: false } named ? named.ToString() : null;

    private object?[]? Values(ListRows rows, int[] places)
    {
        if (places.Length == 0)
        {
            return null;
        }

        var values = new object?[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            values[i] = places[i] < 0 ? null : rows.Value(places[i], extras[i].Kind);
        }

        return values;
    }
}

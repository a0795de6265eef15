using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.Ledger.State;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs;

/// <summary>
/// The read loop: reads one input file link by link, rejects the links that the rules drop, claims hashes in input order, and sends the rest to the graph.
/// Backpressure reaches the disk here: nothing is read while the graph is full.
/// </summary>
/// <param name="begin">Called before a file is read; returns it in the form in which it is to be read.</param>
/// <param name="began">Called before its first rows are admitted.</param>
/// <param name="readerOf">Finds the reader for a file.</param>
/// <param name="claim">Claims the row's hash; false when another row owns it.</param>
/// <param name="ledger">Admits every row before the graph receives it.</param>
/// <param name="graph">Receives the candidates.</param>
/// <param name="clock">Measures the time per file.</param>
/// <param name="log">Logs files opened, sealed and damaged.</param>
/// <param name="progress">Counts the bytes read.</param>
/// <param name="record">Takes the rejected rows of a run that writes dropped rows, and records their outcomes; null for the ledger.</param>
internal sealed partial class InputPump(
    Func<InputFile, InputHealth, CancellationToken, ValueTask<InputFile>> begin,
    Action<InputFile, InputHealth> began,
    Func<InputFile, CancellationToken, ValueTask<ICandidateReader>> readerOf,
    Func<Candidate, bool> claim,
    IRowLedger ledger,
    ITargetBlock<Candidate> graph,
    TimeProvider clock,
    ILogger<InputPump> log,
    InputProgress progress,
    Func<IRow, DropOutcome, ValueTask>? record = null)
{
    /// <summary>Reads the file to its end, or until <paramref name="stop"/>.</summary>
    /// <returns>Whether the end was reached, so that the file is sealed.</returns>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="GraphEndedException">The graph ended first; its own completion has the cause.</exception>
    public async Task<bool> PumpAsync(InputFile file, CancellationToken stop, CancellationToken abort)
    {
        long start = clock.GetTimestamp();
        var health = new InputHealth();
        long read = 0;
        bool hasBegun = false;
        Log.Opened(log, file.Number, PublicLocation.Of(file.Location));
        progress.Begin(file, health);
        bool isWhole = false;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        try
        {
            file = await begin(file, health, either.Token);
            read = file.Pieces.LastOrDefault(piece => piece.RowsWithOutcome >= 0)?.RowsWithOutcome ?? 0; // the reader steps over these
            ICandidateReader reader = await readerOf(file, either.Token);
            await foreach (PageLinks page in reader.ReadAsync(file, health, either.Token))
            {
                if (!hasBegun) { began(file, health); }
                hasBegun = true;
                for (int i = 0; i < page.Count; i++)
                {
                    if (stop.IsCancellationRequested) { return Stopped(file, read); }
                    await TakeAsync(file, new RowKey(file.Number, page.FirstOrdinal + i), page.Outcomes[i], abort);
                    read++;
                }
            }

            isWhole = true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !abort.IsCancellationRequested)
        {
            return Stopped(file, read);
        }
        finally
        {
            progress.End(file, isWhole);
        }

        if (health.Missing is { } missing)
        {
            throw new InputRefusedException($"'{PublicLocation.Of(file.Location)}' holds no {missing}: it counts as not read.");
        }

        if (!hasBegun) { began(file, health); }
        ledger.Seal(file.Number, read);
        Report(file, health, read, clock.GetElapsedTime(start));
        return true;
    }

    private async ValueTask TakeAsync(InputFile file, RowKey key, LinkOutcome outcome, CancellationToken abort)
    {
        if (ledger.HasOutcome(key)) { return; }
        if (outcome.Candidate is not { } candidate)
        {
            await RejectAsync(file, key, outcome.Rejected, outcome.Drop);
            return;
        }

        if (!claim(candidate))
        {
            await RejectAsync(file, key, candidate, new DropOutcome(DropReason.Duplicate));
            return;
        }

        ledger.Admit(key);
        if (!await graph.SendAsync(candidate, abort))
        {
            abort.ThrowIfCancellationRequested();
            throw new GraphEndedException(key.ToString());
        }
    }

    private ValueTask RejectAsync(InputFile file, RowKey key, IRow? row, DropOutcome outcome)
    {
        if (record is null)
        {
            ledger.Reject(key, outcome);
            return ValueTask.CompletedTask;
        }

        ledger.Hold(key, outcome.Reason);
        return record(row ?? new RejectedLink(key, null, null, null, file.Name), outcome);
    }

    private bool Stopped(InputFile file, long read)
    {
        Log.Stopped(log, file.Number, PublicLocation.Of(file.Location), read);
        return false;
    }

    private void Report(InputFile file, InputHealth health, long read, TimeSpan took)
    {
        Log.Sealed(log, file.Number, PublicLocation.Of(file.Location), health.Records, read, (long)took.TotalMilliseconds);
        if (health.FirstDamage is not null)
        {
            Log.Damaged(log, file.Number, PublicLocation.Of(file.Location), health.DamagedMembers, health.BadRecords, health.Truncated, health.FirstDamage);
        }
    }
}

using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

/// <summary>
/// Finds the rows that a model cannot process: a run that throws is split in half until the row at fault is alone; the other rows are kept.
/// A session that throws on many consecutive rows is at fault itself. When the device is lost, all rows of the run are dropped.
/// </summary>
internal sealed partial class RowIsolation(string device, int maxFailures, ILogger log)
{
    private int _inARow;

    /// <summary>Work on some rows of a batch.</summary>
    public delegate void RowAction(ReadOnlySpan<int> rows);

    /// <summary>Runs one model on the rows of a batch that are not broken so far.</summary>
    /// <param name="scores">The batch's scores; a row on which the model throws alone is marked broken.</param>
    /// <param name="wants">Whether the model scores a row.</param>
    /// <param name="run">Throws <see cref="ModelRunException"/> on failure.</param>
    /// <exception cref="SessionFault">Too many consecutive rows failed.</exception>
    public void Run(RowScores[] scores, Predicate<int> wants, RowAction run) =>
        Run([.. Enumerable.Range(0, scores.Length).Where(row => !scores[row].IsBroken && wants(row))], run, row => scores[row].Break());

    /// <summary>Runs rows, and fewer of them after a failure.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="run">Throws <see cref="ModelRunException"/> on failure.</param>
    /// <param name="drop">Called for each row on which it throws alone.</param>
    /// <exception cref="SessionFault">Too many consecutive rows failed.</exception>
    public void Run(ReadOnlySpan<int> rows, RowAction run, Action<int> drop)
    {
        if (rows.IsEmpty) { return; }

        try
        {
            run(rows);
            _inARow = 0;
            return;
        }
        catch (ModelRunException e) when (e.Failure == ModelFailure.DeviceLost)
        {
            foreach (int row in rows) { drop(row); } // no fewer rows would do: the model is opened again before its next run

            return;
        }
        catch (ModelRunException e) when (rows.Length == 1)
        {
            _inARow++;
            Log.RowFailed(log, device, e.Message);
            if (_inARow >= maxFailures) { throw new SessionFault($"The models on {device} threw on {_inARow} rows in a row: {e.Message}", e); }

            drop(rows[0]);
            return;
        }
        catch (ModelRunException e)
        {
            Log.BatchFailed(log, device, rows.Length, e.Message);
        }

        Run(rows[..(rows.Length / 2)], run, drop);
        Run(rows[(rows.Length / 2)..], run, drop);
    }
}

namespace LaionStream.Engine.Decoding;

/// <summary>Limits the pictures that break the decoder in unknown ways: a few are expected from the web, many mean that something of ours is broken.</summary>
/// <param name="allowed">Such pictures allowed among <see cref="Window"/> rows that end as drops; one more is a fault.</param>
internal sealed class PoisonBudget(int allowed = PoisonBudget.Allowed)
{
    /// <summary>Rows over which they are counted.</summary>
    public const int Window = 100_000;

    /// <summary>One picture in a thousand.</summary>
    public const int Allowed = 100;

    private int _rows;
    private int _spent;

    /// <summary>Counts a row; each window starts with the full budget.</summary>
    public void NoteRow()
    {
        if (Interlocked.Increment(ref _rows) <= Window) { return; }
        Volatile.Write(ref _rows, 1);
        Volatile.Write(ref _spent, 0);
    }

    /// <summary>Uses one picture's share of the budget.</summary>
    /// <param name="cause">The decoder's exception.</param>
    /// <exception cref="InvalidOperationException">The budget is used up.</exception>
    public void Spend(Exception cause)
    {
        if (Interlocked.Increment(ref _spent) <= allowed) { return; }
        throw new InvalidOperationException(
            $"More than {allowed} of {Window} pictures broke the decoder in unknown ways, the last with {cause.GetType().Name}: {cause.Message}. So many point to an error of ours or of the machine.", cause);
    }
}

namespace LaionStream.Engine.Decoding;

/// <summary>Bounds the pictures that break the decoder in ways we do not know: a few are the web's doing, many mean that something of ours is broken.</summary>
/// <param name="allowed">Such pictures among <see cref="Window"/> rows that end as drops; one more is a fault.</param>
internal sealed class PoisonBudget(int allowed = PoisonBudget.Allowed)
{
    /// <summary>Rows over which they are counted.</summary>
    public const int Window = 100_000;

    /// <summary>One picture in a thousand.</summary>
    public const int Allowed = 100;

    private int _rows;
    private int _spent;

    /// <summary>Counts a row; the budget is whole again with every window's first.</summary>
    public void NoteRow()
    {
        if (Interlocked.Increment(ref _rows) <= Window) { return; }
        Volatile.Write(ref _rows, 1);
        Volatile.Write(ref _spent, 0);
    }

    /// <summary>Takes one picture's share.</summary>
    /// <param name="cause">What the decoder threw.</param>
    /// <exception cref="InvalidOperationException">The budget is spent.</exception>
    public void Spend(Exception cause)
    {
        if (Interlocked.Increment(ref _spent) <= allowed) { return; }
        throw new InvalidOperationException(
            $"More than {allowed} of {Window} pictures broke the decoder in unknown ways, the last with {cause.GetType().Name}: {cause.Message}. That many are not the web's doing.", cause);
    }
}

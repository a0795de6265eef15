namespace LaionStream.Engine.Ledger.Format;

/// <summary>This output folder cannot be used for this run; the message states the reason and the remedy.</summary>
public sealed class OutputRefusedException : Exception
{
    /// <summary>Refuses an output.</summary>
    public OutputRefusedException(string message) : base(message)
    {
    }

    /// <summary>Refuses an output because of an error.</summary>
    public OutputRefusedException(string message, Exception inner) : base(message, inner)
    {
    }
}

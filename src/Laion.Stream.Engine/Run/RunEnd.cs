namespace LaionStream.Engine.Run;

/// <summary>How a run ended, when there was no fault.</summary>
public enum RunEnd
{
    /// <summary>Every input file is read and every row of it has a durable outcome.</summary>
    Done,

    /// <summary>Stopped by a signal, drained and committed; the same output can be resumed.</summary>
    Stopped,

    /// <summary>Some input files could not be read; everything else is done.</summary>
    InputsMissing,
}

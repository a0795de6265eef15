namespace LaionStream.Engine.Run;

/// <summary>How a run came to its end without a fault.</summary>
public enum RunEnd
{
    /// <summary>Every input file is read and every row of it has a durable outcome.</summary>
    Done,

    /// <summary>Stopped by a signal, drained and committed; the same output can be taken up again.</summary>
    Stopped,

    /// <summary>Some input files could not be read; everything else is done.</summary>
    InputsMissing,
}

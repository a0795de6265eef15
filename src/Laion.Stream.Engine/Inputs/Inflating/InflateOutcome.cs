namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>Why <see cref="Inflater.Inflate"/> returned.</summary>
internal enum InflateOutcome
{
    /// <summary>All output of the bytes so far is written; the next symbol needs more bytes.</summary>
    NeedsInput,

    /// <summary>The caller's memory is full.</summary>
    OutputFull,

    /// <summary>Only within the decoder: the next part of the stream can be decoded.</summary>
    GoesOn,

    /// <summary>The last block has ended.</summary>
    Ended,
}

namespace LaionStream.Engine.Output;

/// <summary>When an open part file is finished.</summary>
/// <param name="MaxRows">Most rows.</param>
/// <param name="MaxBytes">Most bytes before compression.</param>
/// <param name="MaxAge">Longest time since the first row.</param>
internal sealed record RotationPolicy(long MaxRows, long MaxBytes, TimeSpan MaxAge)
{
    /// <summary>The policy that the options ask for.</summary>
    public static RotationPolicy From(WritingOptions options) => new(options.MaxRows, options.MaxBytes, options.MaxAge);

    /// <summary>Whether a file that holds this much is finished.</summary>
    /// <param name="rows">Rows inside; a file without rows is never finished.</param>
    /// <param name="bytes">Bytes inside, before compression.</param>
    /// <param name="age">Time since its first row; a clock set back makes it negative, which finishes nothing.</param>
    public bool IsFull(long rows, long bytes, TimeSpan age) => rows > 0 && (rows >= MaxRows || bytes >= MaxBytes || age >= MaxAge);
}

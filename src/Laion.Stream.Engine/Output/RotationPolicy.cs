namespace LaionStream.Engine.Output;

/// <summary>When an open part is finished.</summary>
/// <param name="MaxRows">Most rows.</param>
/// <param name="MaxBytes">Most bytes of a file before compression.</param>
/// <param name="MaxAge">Longest time since the first row.</param>
internal sealed record RotationPolicy(long MaxRows, long MaxBytes, TimeSpan MaxAge)
{
    /// <summary>The policy that the options ask for.</summary>
    public static RotationPolicy From(WritingOptions options) => new(options.MostRows, options.MaxBytes, options.MaxAge);

    /// <summary>Whether a part that holds this much is finished.</summary>
    /// <param name="rows">Rows inside; a part without rows is never finished.</param>
    /// <param name="bytes">Bytes of its largest file, before compression.</param>
    /// <param name="age">Time since its first row; a clock set back makes it negative, which finishes nothing.</param>
    public bool IsFull(long rows, long bytes, TimeSpan age) => rows > 0 && (rows >= MaxRows || bytes >= MaxBytes || age >= MaxAge);
}

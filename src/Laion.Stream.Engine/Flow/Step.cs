using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>What a stage made of one row: the next message, or the reason why the row ends here.</summary>
/// <typeparam name="T">The message that goes on.</typeparam>
public readonly record struct Step<T> where T : class
{
    private Step(T? row, DropVerdict drop)
    {
        Row = row;
        Drop = drop;
    }

    /// <summary>The message that goes on, or null for a dropped row.</summary>
    public T? Row { get; }

    /// <summary>Why the row was dropped; meaningless while <see cref="Row"/> is set.</summary>
    public DropVerdict Drop { get; }

    public static implicit operator Step<T>(T row) => new(row ?? throw new ArgumentNullException(nameof(row)), default);

    public static implicit operator Step<T>(DropReason reason) => new(null, new DropVerdict(reason));

    public static implicit operator Step<T>(DropVerdict verdict) => new(null, verdict);
}

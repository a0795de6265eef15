using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>What a stage made of one row: the next message, or the reason why the row ends here.</summary>
/// <typeparam name="T">The message that goes on.</typeparam>
public readonly record struct Step<T> where T : class
{
    private Step(T? row, DropOutcome drop)
    {
        Row = row;
        Drop = drop;
    }

    /// <summary>The message that goes on, or null for a dropped row.</summary>
    public T? Row { get; }

    /// <summary>Why the row was dropped; meaningless while <see cref="Row"/> is set.</summary>
    public DropOutcome Drop { get; }

    public static implicit operator Step<T>(T row) => new(row ?? throw new ArgumentNullException(nameof(row)), default);

    public static implicit operator Step<T>(DropReason reason) => new(null, new DropOutcome(reason));

    public static implicit operator Step<T>(DropOutcome outcome) => new(null, outcome);
}

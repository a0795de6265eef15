using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>The result of a stage for one row: the next message, or the reason for dropping the row.</summary>
/// <typeparam name="T">The type of the next message.</typeparam>
public readonly record struct Step<T> where T : class
{
    private Step(T? row, DropOutcome drop)
    {
        Row = row;
        Drop = drop;
    }

    /// <summary>The next message, or null for a dropped row.</summary>
    public T? Row { get; }

    /// <summary>Why the row was dropped; meaningless while <see cref="Row"/> is set.</summary>
    public DropOutcome Drop { get; }

    public static implicit operator Step<T>(T row) => new(row ?? throw new ArgumentNullException(nameof(row)), default);

    public static implicit operator Step<T>(DropReason reason) => new(null, new DropOutcome(reason));

    public static implicit operator Step<T>(DropOutcome outcome) => new(null, outcome);
}

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Something that takes hostile input, and what must hold for all of it.</summary>
/// <param name="Name">For the report.</param>
/// <param name="ShortRounds">Rounds of the default suite.</param>
/// <param name="Round">Makes input of a seed, feeds it in and asserts; always the same for a seed.</param>
internal sealed record FuzzTarget(string Name, int ShortRounds, Func<int, Task> Round)
{
    /// <summary>A target that never waits.</summary>
    public static FuzzTarget Of(string name, int shortRounds, Action<int> round) => new(name, shortRounds, seed =>
    {
        round(seed);
        return Task.CompletedTask;
    });
}

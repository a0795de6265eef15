using System.Diagnostics;

namespace LaionStream.TestWorld;

/// <summary>Code that takes hostile input, and the properties that must hold for all of it.</summary>
/// <param name="Name">For the report.</param>
/// <param name="ShortRounds">Rounds of the default suite.</param>
/// <param name="Round">Generates input from a seed, runs it and asserts; deterministic for a seed.</param>
public sealed record FuzzTarget(string Name, int ShortRounds, Func<int, Task> Round)
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(1); // a round takes milliseconds

    /// <summary>A target that never waits.</summary>
    public static FuzzTarget Of(string name, int shortRounds, Action<int> round) => new(name, shortRounds, seed =>
    {
        round(seed);
        return Task.CompletedTask;
    });

    /// <summary>The rounds of the default suite.</summary>
    /// <exception cref="InvalidOperationException">A property does not hold; the message has the seed.</exception>
    public async Task RunShortAsync()
    {
        for (int seed = 0; seed < ShortRounds; seed++) { await RunAsync(seed); }
    }

    /// <summary>Rounds with new seeds, for as long as <see cref="Soak"/> says.</summary>
    /// <returns>A line for the report.</returns>
    /// <exception cref="InvalidOperationException">A property does not hold; the message has the seed.</exception>
    public async Task<string> RunLongAsync()
    {
        var clock = Stopwatch.StartNew();
        int seed = Soak.FirstSeed;
        for (; clock.Elapsed < Soak.PerTarget; seed++) { await RunAsync(seed); }

        return FormattableString.Invariant($"{Name}: {seed - Soak.FirstSeed} rounds from seed {Soak.FirstSeed} in {clock.Elapsed.TotalMinutes:F1} minutes");
    }

    private async Task RunAsync(int seed)
    {
        try
        {
            await Task.Run(() => Round(seed)).WaitAsync(HangLimit);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{Name}, seed {seed}: {e.Message}", e);
        }
    }
}

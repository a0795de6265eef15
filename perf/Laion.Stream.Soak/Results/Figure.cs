namespace LaionStream.Soak.Results;

/// <summary>One line of a result: the cost of a unit of work, and the floor measured in the same rounds.</summary>
/// <param name="Name">What was measured, such as <c>extract: read + links</c>.</param>
/// <param name="Unit">What one unit is.</param>
/// <param name="Micros">CPU microseconds (user + system) per unit.</param>
/// <param name="Floor">The bare work it is compared with; null when there is none.</param>
/// <param name="FloorMicros">Its CPU microseconds per unit.</param>
/// <param name="Ratio">Ours over floor, round by round; without a floor 1.</param>
/// <param name="Note">Anything a reader needs to judge the figures.</param>
internal sealed record Figure(string Name, string Unit, Spread Micros, string? Floor, Spread FloorMicros, Spread Ratio, string Note)
{
    /// <summary>A line without a floor.</summary>
    public static Figure Alone(string name, string unit, IEnumerable<double> micros, string note) =>
        new(name, unit, Spread.Of(micros), null, default, new Spread(1, 1, 1), note);

    /// <summary>A line with a floor.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="unit">What one unit is.</param>
    /// <param name="micros">Ours, one value per round.</param>
    /// <param name="floor">The floor's name.</param>
    /// <param name="floorMicros">The floor, one value for each of the same rounds.</param>
    /// <param name="note">Anything a reader needs.</param>
    public static Figure Beside(string name, string unit, IReadOnlyList<double> micros, string floor, IReadOnlyList<double> floorMicros, string note) =>
        new(name, unit, Spread.Of(micros), floor, Spread.Of(floorMicros), Spread.Of(micros.Zip(floorMicros, (ours, bare) => ours / bare)), note);
}

namespace LaionStream.Explorer.Queries;

/// <summary>A threshold of the run and a row's value.</summary>
/// <param name="Name">The score.</param>
/// <param name="Value">The row's value; null when it has none.</param>
/// <param name="Limit">The threshold.</param>
/// <param name="Kind"><c>min</c> or <c>max</c>.</param>
/// <param name="Passed">Whether the value passes; a row without a value does.</param>
internal sealed record WhyKept(string Name, double? Value, double Limit, string Kind, bool Passed);

namespace LaionStream.Host.Tests.Perf;

/// <summary>Tests that measure, and run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

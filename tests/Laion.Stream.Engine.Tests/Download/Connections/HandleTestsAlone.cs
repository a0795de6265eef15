namespace LaionStream.Engine.Tests.Download.Connections;

/// <summary>Tests that make the whole process close idle connections run alone: others count theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HandleTestsAlone
{
    public const string Name = "Handles of the process";
}

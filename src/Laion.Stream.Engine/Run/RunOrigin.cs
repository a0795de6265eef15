namespace LaionStream.Engine.Run;

/// <summary>What only the program around the engine knows about a run; part of its record.</summary>
/// <param name="Command">The command line, without secrets.</param>
/// <param name="Settings">Settings that are not at their default, by key.</param>
public sealed record RunOrigin(string Command, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>An engine inside another program.</summary>
    public static RunOrigin Unknown { get; } = new("", new Dictionary<string, string>());
}

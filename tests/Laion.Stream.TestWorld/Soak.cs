namespace LaionStream.TestWorld;

/// <summary>The switch for tests that take minutes: they skip unless the environment variable <c>LAION_SOAK</c> is set to 1.</summary>
public static class Soak
{
    /// <summary>Printed by skipped tests.</summary>
    public const string OffReason = "takes minutes; set LAION_SOAK=1 to run it";

    /// <summary>Whether they run.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("LAION_SOAK") == "1";
}

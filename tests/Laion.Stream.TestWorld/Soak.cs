namespace LaionStream.TestWorld;

/// <summary>The switch of tests that take minutes: they run when the environment variable LAION_SOAK is set to anything but nothing.</summary>
public static class Soak
{
    /// <summary>Printed by skipped tests.</summary>
    public const string OffReason = "takes minutes; set LAION_SOAK=1 to run it";

    /// <summary>Whether the long tests run.</summary>
    public static bool IsOn { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LAION_SOAK"));
}

using System.Globalization;

namespace LaionStream.TestWorld;

/// <summary>The switch of tests that take minutes: they run when the environment variable LAION_SOAK is set and not empty.</summary>
public static class Soak
{
    /// <summary>Printed by skipped tests.</summary>
    public const string OffReason = "takes minutes; set LAION_SOAK=1 to run it";

    /// <summary>Whether the long tests run.</summary>
    public static bool IsOn { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LAION_SOAK"));

    /// <summary>How long each fuzz target runs: LAION_SOAK_MINUTES.</summary>
    /// <value>Default 3 minutes.</value>
    public static TimeSpan PerTarget { get; } = TimeSpan.FromMinutes(Number("LAION_SOAK_MINUTES", 3));

    /// <summary>First seed of the fuzz targets: LAION_SOAK_SEED, so that each run can use new ones.</summary>
    /// <value>Default 1,000,000: above the seeds of the short runs.</value>
    public static int FirstSeed { get; } = (int)Number("LAION_SOAK_SEED", 1_000_000);

    private static double Number(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : otherwise;
}

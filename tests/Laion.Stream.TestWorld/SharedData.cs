using System.Runtime.CompilerServices;

namespace LaionStream.TestWorld;

/// <summary>Finds the reference data that is beside the checkout in CI; without it the tests that need it are skipped with this reason.</summary>
public static class SharedData
{
    /// <summary>Printed by skipped tests.</summary>
    public const string MissingReason = "the reference data (../shared beside the checkout) is not here";

    /// <summary>The folder, or null.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Whether the folder exists.</summary>
    public static bool Exists => Root is not null;

    /// <summary>Full path of a file or folder below the reference data.</summary>
    /// <exception cref="InvalidOperationException">There is no reference data; check <see cref="Exists"/> first.</exception>
    public static string PathOf(params string[] parts) =>
        Path.Combine([Root ?? throw new InvalidOperationException(MissingReason), .. parts]);

    private static string? Find([CallerFilePath] string thisFile = "")
    {
        for (DirectoryInfo? folder = Directory.GetParent(thisFile); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Laion.Stream.sln")))
            {
                string shared = Path.Combine(folder.Parent?.FullName ?? "/", "shared");
                return Directory.Exists(Path.Combine(shared, "data", "golden")) ? shared : null;
            }
        }

        return null;
    }
}

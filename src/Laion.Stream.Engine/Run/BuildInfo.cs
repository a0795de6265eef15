using System.Reflection;

namespace LaionStream.Engine.Run;

/// <summary>The version and commit of this build.</summary>
public static class BuildInfo
{
    private static readonly string[] Parts =
        (typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2);

    /// <summary>The version.</summary>
    public static string Version => Parts[0];

    /// <summary>The commit; empty when the build did not know it.</summary>
    public static string Commit => Parts.Length > 1 ? Parts[1] : "";
}

using LaionStream.TestWorld;
using LaionStream.Text.Tests.Languages;
using LaionStream.Text.Tests.Urls;

namespace LaionStream.Text.Tests.Fuzz;

/// <summary>The ports that parse untrusted text. The properties are next to those modules' own tests.</summary>
internal static class FuzzTargets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.Of("url", 100, seed => UrlFuzzTests.Fuzz(seed, 500)),
        FuzzTarget.Of("cld3", 30, seed => Cld3LanguageModelTests.Fuzz(seed, 10)),
    ];
}
